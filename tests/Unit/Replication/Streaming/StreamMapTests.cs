using System.Runtime.InteropServices;
using Bixbite.Persistence.Aof;
using Bixbite.Replication.Streaming;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Replication.Streaming;

/// <summary>
/// Bytes that a stream has in common with the log are found in its files, and nothing else is claimed to be. The model knows of each byte
/// of the stream where it lies.
/// </summary>
public sealed class StreamMapTests : IDisposable
{
    private const long InMemory = -1;
    private const long Own = -2;

    private readonly ScratchDisk _disk = new();
    private readonly AofPlaces _places = new();
    private readonly Random _random = Seed.NewRandom();
    private readonly List<byte> _stream = [];
    private readonly List<byte> _log = [];
    private readonly List<long> _kinds = [];
    private readonly StreamMap _map;
    private FileFacts _file;
    private long _memoryStart;
    private long _neededStart = long.MaxValue;

    public StreamMapTests() => _map = new StreamMap(_disk, _places, 0);

    public void Dispose()
    {
        _map.Dispose();
        Patience.Until(() => _disk.OpenCount == _file.Count, "files are open");
        Assert.Null(_places.Watcher);
    }

    [Fact]
    public void RunsThatFollowOneAnotherAreOne()
    {
        BeginFile();
        for (int i = 0; i < 100_000; i++)
        {
            Change(Random(30), select: i == 0 ? 23 : 0, logSelect: i == 0 ? 23 : 0);
        }
        Write();
        Assert.InRange(_map.Size, 0, 1000);
        Check(0);
        Check(_stream.Count - 1);
    }

    [Fact]
    public void WhatOnlyOneOfTheTwoHasIsNotMixedUp()
    {
        BeginFile();
        Change("first"u8.ToArray());
        OwnOnly("ping"u8.ToArray());
        _log.AddRange("#TS:1\r\n"u8);
        Change("second"u8.ToArray(), select: 23, logSelect: 0);
        Change("third"u8.ToArray(), select: 0, logSelect: 23);
        LogOnly("fourth"u8.ToArray());
        Change("fifth"u8.ToArray());
        Assert.Null(_map.Plan(0));
        Write();
        for (int i = 0; i < _stream.Count; i++)
        {
            Check(i);
        }
    }

    /// <summary>The log gets nothing, though it has just had a request of its own: nothing of the stream is in it.</summary>
    [Fact]
    public void WhatTheLogHadBeforeIsNotTakenForWhatTheStreamGets()
    {
        BeginFile();
        Change("first"u8.ToArray());
        LogOnly("logged"u8.ToArray());
        Write();
        byte[] request = "stream"u8.ToArray();
        Add(request, InMemory);
        _map.AddRequest([], request, isForLog: true);
        Check(0);
        Assert.Null(_map.Plan(5));
        Assert.Equal(5, _map.CoveredEnd);
    }

    [Fact]
    public void TheSameQuestionAgainAndAgainIsKeptOnce()
    {
        BeginFile();
        for (int i = 0; i < 10_000; i++)
        {
            Change(Random(10));
            OwnOnly(new byte[37]);
        }
        Write();
        Assert.InRange(_map.Size, 0, 10_000 * 2 * 16 * 2);
        Check(0);
        Check(1234);
    }

    [Fact]
    public void WhatIsLostIsInNoFile()
    {
        BeginFile();
        Change(Random(100));
        Write();
        Check(0);
        StreamPlan early = _map.Plan(0)!;
        Change(Random(100));
        Lose();
        Assert.Null(_map.Plan(0));
        Assert.Null(_map.Plan(150));
        Assert.Contains("has not kept", early.Read(new byte[10], out _), StringComparison.Ordinal);
        early.Release();
        Change(Random(100));
        Write();
        Assert.Null(_map.Plan(150));
        Check(200);
        Assert.Equal(200, _map.Start);
    }

    [Fact]
    public void FilesThatWereReplacedAreReadToTheEndByWhoReadsThem()
    {
        BeginFile();
        Change(Random(100));
        Write();
        BeginFile();
        Change(Random(100));
        Write();
        Note(150, 50);
        _places.NoteReplaced(_file.Start);
        Check(50);
        Assert.Equal((50, 100), (_map.Start, _map.HeldSize));
        Note(150, long.MaxValue);
        Assert.Equal((100, 0), (_map.Start, _map.HeldSize));
        Assert.Null(_map.Plan(99));
        Check(100);
        Patience.Until(() => _disk.OpenCount == _file.Count + 1);
    }

    /// <summary>What only memory had is gone when that begins later, and so is what lies before, but for who reads there.</summary>
    [Fact]
    public void NobodyComesBackToWhatIsBeforeAGap()
    {
        BeginFile();
        Change(Random(100));
        OwnOnly(Random(70_000));
        Change(Random(100));
        Write();
        Assert.Equal(100, _map.CoveredEnd);
        Note(200, 30);
        Assert.Equal((30, 200), (_map.Start, _map.CoveredEnd));
        Check(30);
        Note(70_100, 30);
        Assert.Equal((30, 70_100, 70_200), (_map.Start, _map.ReturnStart, _map.CoveredEnd));
        Note(70_100, long.MaxValue);
        Assert.Equal(70_100, _map.Start);
        Check(70_100);
    }

    [Fact]
    public void AFileThatCannotBeOpenedIsNotRead()
    {
        BeginFile();
        Change(Random(100));
        Write();
        _disk.FailsIn = 2;
        BeginFile();
        _disk.FailsIn = int.MaxValue;
        byte[] request = Random(100);
        _places.NoteRequest(_log.Count, 0);
        _log.AddRange(request);
        Add(request, InMemory);
        _map.AddRequest([], request, isForLog: true);
        Write();
        Check(0);
        Assert.Null(_map.Plan(100));
        BeginFile();
        Change(Random(100));
        Write();
        Check(200);
    }

    /// <summary>When the log is switched off its files are let go of as soon as they are of no use.</summary>
    [Fact]
    public void NoFileStaysOpenForALogThatIsOff()
    {
        BeginFile();
        Change(Random(100));
        Write();
        _places.End();
        _map.AddUnknown(100);
        Add(Random(100), InMemory);
        Check(0);
        Note(50, long.MaxValue);
        Assert.Equal(_file.Count + 1, _disk.OpenCount);
        Note(150, long.MaxValue);
        Patience.Until(() => _disk.OpenCount == _file.Count);
        BeginFile();
        Change(Random(100));
        Write();
        Check(200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItIsBounded(bool isRead)
    {
        BeginFile();
        for (int i = 0; i < 300_000; i++)
        {
            Change([1, 2, 3]);
            OwnOnly([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, (byte)(i >> 8), (byte)i], isKept: false);
            if (i % 1000 == 0)
            {
                Write();
                Note(_stream.Count, isRead ? 10 : long.MaxValue);
            }
        }
        Write();
        Note(_stream.Count, isRead ? 10 : long.MaxValue);
        Assert.InRange(_map.Size, 0, 3 * StreamMap.SizeMax);
        Assert.InRange(_map.Start, isRead ? 10 : 1000, isRead ? 10 : _stream.Count - 1);
        ReadSome(_map.Start);
        Note(_stream.Count, long.MaxValue);
        Change(Random(10));
        Write();
        ReadSome(_stream.Count - 10);
    }

    [Fact]
    public void RandomSteps()
    {
        BeginFile();
        for (int step = 0; step < 30_000; step++)
        {
            int size = 23 * _random.Next(2);
            switch (_random.Next(40))
            {
                case < 20:
                    Change(Random(_random.Next(1, 60)), size, _random.Next(4) == 0 ? 23 - size : size);
                    break;
                case < 25:
                    OwnOnly(Random(_random.Next(50) == 0 ? 70_000 : _random.Next(1, 40)));
                    break;
                case < 28:
                    LogOnly(Random(_random.Next(1, 40)));
                    break;
                case < 33:
                    Write();
                    break;
                case 33 when _random.Next(30) == 0:
                    BeginFile();
                    break;
                case 34 when _random.Next(60) == 0:
                    _places.NoteReplaced(_file.Start);
                    Assert.True(_map.HeldSize >= 0, "less than nothing is held");
                    break;
                case 35 when _random.Next(200) == 0:
                    Lose();
                    break;
                case 36 when _random.Next(20) == 0:
                    byte[] bytes = Random(_random.Next(1, 60));
                    Add(bytes, InMemory);
                    _map.AddUnknown(bytes.Length);
                    break;
                case 37:
                    Trim();
                    break;
                default:
                    Check(_random.NextInt64(Math.Min(_map.Start, _stream.Count - 1), _stream.Count));
                    break;
            }
        }
    }

    private byte[] Random(int size)
    {
        byte[] bytes = new byte[size];
        _random.NextBytes(bytes);
        return bytes;
    }

    private void BeginFile()
    {
        if (_file.Count > 0)
        {
            Write();
        }
        string path = $"file{_file.Count}";
        _file = new FileFacts(path, _log.Count, _file.Count + 1);
        if (_disk.Create(path, out _) < 0)
        {
            Assert.Fail("the test's own file");
        }
        _places.Begin(new AofPlace(path, _log.Count, _log.Count));
    }

    private void Add(ReadOnlySpan<byte> bytes, long kind)
    {
        foreach (byte each in bytes)
        {
            _stream.Add(each);
            _kinds.Add(kind >= 0 ? kind++ : kind);
        }
    }

    /// <summary>A request for both, in one piece or in two.</summary>
    private void Change(byte[] request, int select = 0, int logSelect = 0)
    {
        byte[] selection = [.. Enumerable.Range(0, 23).Select(static i => (byte)i)];
        _log.AddRange(selection.AsSpan(0, logSelect));
        _places.NoteRequest(_log.Count, logSelect);
        long ownKind = _kinds is [.., not InMemory] ? Own : InMemory;
        Add(selection.AsSpan(0, select), select == logSelect ? _log.Count - select : ownKind);
        Add(request, _log.Count);
        _log.AddRange(request);
        int first = _random.Next(1, request.Length + 1);
        _map.AddRequest(selection.AsSpan(0, select), request.AsSpan(0, first), isForLog: true);
        _map.Continue(request.AsSpan(first));
    }

    private void LogOnly(byte[] request) => _log.AddRange(request);

    private void OwnOnly(byte[] request, bool isKept = true)
    {
        int first = isKept && request.Length < 65_536 ? _random.Next(1, request.Length + 1) : request.Length;
        long kind = _kinds is [.., not InMemory] && request.Length < 65_536 ? Own : InMemory;
        Add(request, kind);
        _map.AddRequest([], request.AsSpan(0, first), isForLog: false);
        _map.Continue(request.AsSpan(first));
    }

    private void Write()
    {
        _disk.Put(_file.Path, CollectionsMarshal.AsSpan(_log)[(int)_file.Start..]);
        _places.WrittenEnd = _log.Count;
    }

    /// <summary>What was appended is in no file for certain; the file goes on.</summary>
    private void Lose()
    {
        _places.NoteLost(_log.Count);
        for (int i = 0; i < _kinds.Count; i++)
        {
            _kinds[i] = InMemory;
        }
        Assert.Equal(_stream.Count, _map.Start);
        Write();
    }

    private void Note(long memoryStart, long neededStart)
    {
        _memoryStart = memoryStart;
        _neededStart = neededStart;
        _map.NoteMemory(memoryStart, neededStart);
    }

    /// <summary>Memory begins later, and somebody reads elsewhere, or nobody: as little is left as must be.</summary>
    private void Trim()
    {
        long start = _map.Start;
        long needed = _random.Next(2) == 0 ? long.MaxValue : _random.NextInt64(Math.Min(start, _stream.Count), _stream.Count + 1);
        if (_neededStart != long.MaxValue)
        {
            needed = Math.Max(needed, _neededStart);
        }
        Note(_random.NextInt64(_memoryStart, _stream.Count + 1), needed);
        Assert.True(_map.Start >= start, "what was gone is back");
        Assert.True(_map.Start <= Math.Max(start, _neededStart), "somebody reads there");
        int gap = _kinds.FindLastIndex((int)Math.Min(_memoryStart, _kinds.Count) - 1, static kind => kind == InMemory);
        Assert.True(_map.Start >= Math.Min(gap + 1, _neededStart), "nobody could go on beyond what is gone");
        long covered = _memoryStart < _map.Start ? _memoryStart : EndFrom(_memoryStart);
        Assert.Equal(covered, _map.CoveredEnd);
    }

    /// <summary>The position of the first byte that is not in files, and not kept.</summary>
    private long EndFrom(long from)
    {
        long at = from;
        while (at < _kinds.Count && _kinds[(int)at] != InMemory && _kinds[(int)at] < _places.WrittenEnd)
        {
            at++;
        }
        return at;
    }

    /// <summary>What can be read from a position on is what the stream has there, and all of it up to what is not in files.</summary>
    private void Check(long from)
    {
        if (from >= _map.Start)
        {
            Assert.Equal(EndFrom(from), ReadSome(from));
        }
        else
        {
            Assert.Null(_map.Plan(from));
        }
    }

    /// <summary>Reads what is planned; returns the position behind it.</summary>
    private long ReadSome(long from)
    {
        byte[] piece = new byte[1000];
        long at = from;
        while (_map.Plan(at) is { } plan)
        {
            while (!plan.IsDone)
            {
                Assert.Null(plan.Read(piece.AsSpan(0, _random.Next(1, 1000)), out int count));
                Assert.True(
                    CollectionsMarshal.AsSpan(_stream).Slice((int)at, count).SequenceEqual(piece.AsSpan(0, count)),
                    $"bytes after {at} are wrong, read from {from} on");
                at += count;
            }
            plan.Release();
        }
        return at;
    }

    private readonly record struct FileFacts(string Path, long Start, int Count);
}
