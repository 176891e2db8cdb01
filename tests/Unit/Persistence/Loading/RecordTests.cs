using System.Text;
using Bixbite.Engine.Records;
using Bixbite.Keyspace;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Values;
using Bixbite.Platform;
using Bixbite.Unit.Keyspace;
using Bixbite.Unit.Persistence.Aof;
using Bixbite.Unit.Persistence.Saving;
using Xunit;

namespace Bixbite.Unit.Persistence.Loading;

/// <summary>Records beside the keys are saved as they were at the beginning, and come back before the keys or not at all.</summary>
public sealed class RecordTests : IDisposable
{
    private const string File = "notes.rdb";

    private readonly JobFixture _jobs = new();
    private readonly NoteRecords _notes = new();

    public RecordTests()
    {
        _jobs.Tools.Records.Add(_notes);
        _jobs.Fill(100);
    }

    public void Dispose() => _jobs.Dispose();

    [Fact]
    public void AFileHasTheRecordsOfItsBeginning()
    {
        string large = "large=" + new string('x', 300_000);
        _notes.Add("a=1");
        _notes.Add(large);
        _notes.Add("number=17");
        _jobs.Begin(_jobs.File(File));
        _notes.Add("a=2");
        _notes.Add("late=1");
        _notes.Clear();
        _jobs.RunToEnd();
        Assert.Null(Assert.Single(_jobs.Ends).Problem);
        var loaded = new NoteRecords();
        Assert.Null(Load(_jobs.Disk.Files[File], loaded));
        Assert.Equal($"a=1 {large} number=17", loaded.All);
        Assert.InRange(_jobs.Disk.Files[File].Length, 1, 200_000);
    }

    [Fact]
    public void WhatIsWrongWithARecordIsTold()
    {
        Assert.Contains("before byte 12 of 21", Load(FileOf("a"u8), new NoteRecords()), StringComparison.Ordinal);
        Assert.Contains("a note cannot be loaded: a note has a name", Load(FileOf("a"u8), new NoteRecords()), StringComparison.Ordinal);
        byte[] twice = FileOf("a=1"u8, "a=2"u8);
        Assert.Contains("there is a note a already", Load(twice, new NoteRecords()), StringComparison.Ordinal);
        var notes = new NoteRecords();
        Assert.Null(Load(twice, notes, replaces: true));
        Assert.Equal("a=2", notes.All);
        byte[] cut = FileOf("a=1"u8)[..12];
        Assert.Contains("a note cannot be read", Load(cut, new NoteRecords()), StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordThatNobodyKnowsIsNotLost()
    {
        Assert.Contains("the type of a value is 243", Load(FileOf("a=1"u8), kind: null), StringComparison.Ordinal);
        byte[] function = [.. "REDIS0010"u8, 0xF5, 3, .. "a=1"u8, 0xFF, .. new byte[8]];
        Assert.Contains("a library of functions, and this server has nothing", Load(function, kind: null), StringComparison.Ordinal);
        byte[] candidate = [.. "REDIS0010"u8, 0xF6, 3, .. "a=1"u8, 0xFF, .. new byte[8]];
        Assert.Contains("before their format was final", Load(candidate, kind: null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1_700_000_000L)]
    public void ALogBeginsWithTheRequestsThatMakeThem(long? seconds)
    {
        _notes.Add("a=1");
        _notes.Add("b=2");
        _jobs.Jobs.Begin(
            _jobs.File("base"), pipe => new AofEncoder(pipe, _jobs.Keyspace.Databases.Values, _jobs.Tools, seconds), _jobs.Ends.Add);
        _notes.Clear();
        _jobs.RunToEnd();
        string text = Encoding.Latin1.GetString(_jobs.Disk.Files["base"]);
        string requests = Encoding.Latin1.GetString(LogFixture.Requests("NOTE ADD a=1", "NOTE ADD b=2"));
        Assert.StartsWith((seconds is null ? "" : "#TS:1700000000\r\n") + requests + "*2\r\n$6\r\nSELECT", text, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordsAsideTakeThePlaceOfTheOldOnesOrNone()
    {
        _notes.Add("new=1");
        _jobs.Begin(_jobs.File(File));
        _jobs.RunToEnd();
        byte[] bytes = _jobs.Disk.Files[File];
        using var loads = new LoadsFixture();
        var live = new NoteRecords();
        loads.Saving.Tools.Records.Add(live);
        live.Add("old=1");
        loads.Begin(bytes.Length);
        loads.Send(bytes.AsSpan(0, bytes.Length - 1), 100);
        Assert.Equal("old=1", live.All);
        loads.Close("gone");
        Assert.NotEqual("whole", loads.End);
        Assert.Equal("old=1", live.All);
        loads.Begin(bytes.Length);
        loads.Send(bytes, 100);
        loads.Close();
        Assert.Equal("whole", loads.End);
        Assert.Equal("new=1", live.All);
    }

    [Fact]
    public void ACheckReadsThemAndKeepsNothing()
    {
        byte[] function = [.. "REDIS0010"u8, 0xF5, 3, .. "a=1"u8, 0xFF, .. new byte[8]];
        var disk = new MemoryDisk { Files = { [File] = function } };
        using RdbCheck check = RdbCheck.Open(disk, File, ValueCodecs.BuiltIn, 0, out _)!;
        List<string> noted = [];
        check.Noted = (text, offset) => noted.Add($"{offset} {text}");
        Assert.True(check.Run(static () => false));
        Assert.Null(check.Problem);
        Assert.Equal(["14 Record beside the keys: a library of functions"], noted);
    }

    [Fact]
    public void KeysCostTheManagedHeapNothingWhereRecordsMayCome()
    {
        const int few = 1_000;
        const int many = 20_000;
        AllocatedByLoading(few);
        Assert.InRange(AllocatedByLoading(many) - AllocatedByLoading(few), long.MinValue, many);
    }

    private static long AllocatedByLoading(int keyCount)
    {
        List<byte> bytes = [.. "REDIS0010"u8];
        for (int i = 0; i < keyCount; i++)
        {
            bytes.AddRange([0, 5, .. Encoding.ASCII.GetBytes($"{i:d5}"), 1, (byte)'v']);
        }
        bytes.AddRange([0xFF, .. new byte[8]]);
        byte[] file = [.. bytes];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(Load(file, new NoteRecords()));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static byte[] FileOf(ReadOnlySpan<byte> record) => [.. "REDIS0010"u8, .. Part(record), 0xFF, .. new byte[8]];

    private static byte[] FileOf(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        [.. "REDIS0010"u8, .. Part(first), .. Part(second), 0xFF, .. new byte[8]];

    private static byte[] Part(ReadOnlySpan<byte> record) => [NoteRecords.NoteCode, (byte)record.Length, .. record];

    private static string? Load(byte[] bytes, RecordKind? kind, bool replaces = false)
    {
        using var keyspace = new KeyspaceFixture();
        var kinds = new RecordKinds();
        if (kind is not null)
        {
            kinds.Add(kind);
        }
        var disk = new MemoryDisk { Files = { [File] = bytes } };
        disk.Open(File, out IDiskFile? file);
        var options = new RdbLoadOptions(0, ValueCodecs.BuiltIn, ReplacesKeys: replaces) { Records = kinds };
        using var loader = new RdbLoader(new FileSource(file!, File), keyspace.Databases, keyspace.Access, options);
        loader.Run(static () => false);
        return loader.Problem;
    }
}
