using System.Globalization;
using System.Text;
using Bixbite.Keyspace;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Strings;
using Bixbite.Unit.Keyspace;
using Bixbite.Unit.Persistence.Saving;
using Xunit;

namespace Bixbite.Unit.Persistence.Loading;

/// <summary>Data that arrives in pieces takes the place of what there is once it is whole, and leaves that to the byte otherwise.</summary>
public sealed class StreamLoadTests : IDisposable
{
    private static readonly byte[] s_mark = Encoding.Latin1.GetBytes("0123456789abcdefghijABCDEFGHIJ0123456789");

    private readonly LoadsFixture _fixture = new();
    private readonly byte[] _file;
    private readonly Dictionary<string, string> _newContent;
    private readonly Dictionary<string, string> _oldContent;
    private readonly long _oldBytes;

    public StreamLoadTests()
    {
        _file = NewFile(keyCount: 30, fieldCount: 40);
        _newContent = JobFixture.ContentOf(_file);
        _fixture.Saving.Fill(200);
        _oldContent = _fixture.Content;
        _oldBytes = _fixture.SettledBytes;
    }

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void A_whole_one_takes_the_place_of_the_old_data(int pieceSize)
    {
        for (int round = 0; round < 2; round++)
        {
            _fixture.Begin(_file.Length);
            Assert.True(_fixture.State.IsLoadingAside);
            Assert.False(_fixture.State.IsLoading);
            _fixture.Send(_file, pieceSize);
            Assert.Equal("whole", _fixture.End);
            Assert.Equal(_newContent, _fixture.Content);
            Assert.False(_fixture.State.IsLoadingAside);
            Assert.Equal(_newContent.Count, _fixture.Loads.Facts.KeyCount);
        }
        _fixture.Keyspace.Databases.FlushAll();
        Assert.True(_fixture.SettledBytes < 4096, $"{_fixture.SettledBytes} bytes are left");
    }

    [Fact]
    public void A_mark_ends_it_wherever_it_is_split()
    {
        byte[] stream = [.. _file, .. s_mark];
        for (int at = 0; at <= s_mark.Length; at++)
        {
            _fixture.Begin(ILoadSource.UnknownLength, s_mark);
            _fixture.Send(stream.AsSpan(0, _file.Length + at), 4096);
            Assert.Equal(at < s_mark.Length, _fixture.Loads.IsRunning);
            _fixture.Send(stream.AsSpan(_file.Length + at), 4096);
            Assert.False(_fixture.Loads.IsRunning);
            Assert.Equal("whole", _fixture.End);
            Assert.Equal(_newContent, _fixture.Content);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("the connection is gone")]
    public void Torn_at_every_byte_it_leaves_the_old_data(string? problem)
    {
        for (int size = 0; size < _file.Length; size++)
        {
            bool hasMark = size % 2 == 0;
            _fixture.Begin(hasMark ? ILoadSource.UnknownLength : _file.Length, hasMark ? s_mark : null);
            _fixture.Send(_file.AsSpan(0, size), 300);
            _fixture.Close(problem);
            AssertOldData();
            Assert.Contains("pipe, before byte ", _fixture.End, StringComparison.Ordinal);
            Assert.Equal(problem is not null, _fixture.End.Contains("the sender has stopped", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_wrong_mark_or_length_leaves_the_old_data()
    {
        for (int bad = 0; bad < s_mark.Length; bad++)
        {
            byte[] stream = [.. _file, .. s_mark];
            stream[_file.Length + bad] ^= 1;
            _fixture.Begin(ILoadSource.UnknownLength, s_mark);
            _fixture.Send(stream, 4096);
            AssertOldData();
            Assert.Contains("the mark does not follow", _fixture.End, StringComparison.Ordinal);
        }
        foreach (int difference in (int[])[-_file.Length, -1, 1, 1000])
        {
            _fixture.Begin(_file.Length + difference);
            _fixture.Send([.. _file, .. new byte[Math.Max(difference, 0)]], 4096);
            _fixture.Close();
            AssertOldData();
        }
    }

    [Fact]
    public void Damage_leaves_the_old_data()
    {
        var random = new Random(3);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = [.. _file];
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            _fixture.Begin(bytes.Length);
            _fixture.Send(bytes, random.Next(1, 2000));
            _fixture.Close();
            AssertOldData();
        }
    }

    /// <summary>They are looked for only when some have come, and none is lost or stays.</summary>
    [Fact]
    public void A_key_that_comes_twice_leaves_the_old_data()
    {
        for (int first = 0; first < 12; first++)
        {
            for (int second = first + 1; second < 24; second++)
            {
                List<byte> file = [.. "REDIS0010"u8, 0xfe, 0, 0xfb, 24, 0];
                for (int i = 0; i < 24; i++)
                {
                    byte name = (byte)('a' + (i == second ? first : i));
                    // By turns a string, a string with a deadline, and a set of an integer.
                    byte[] value = i % 3 == 2 ? [11, 1, name, 10, 2, 0, 0, 0, 1, 0, 0, 0, 7, 0] : [0, 1, name, 2, (byte)'v', (byte)'w'];
                    byte[] deadline = i % 3 == 1 ? [0xfc, 0, 0, 0, 0, 0, 1, 0, 0] : [];
                    file.AddRange([.. deadline, .. value]);
                }
                file.AddRange([0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
                _fixture.Begin(file.Count);
                _fixture.Send([.. file], 1 + second);
                _fixture.Close();
                AssertOldData();
                Assert.Contains($"the key '{(char)('a' + first)}' comes twice", _fixture.End, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_large_value_arrives_in_slices_while_the_old_data_is_changed_and_saved()
    {
        byte[] file = NewFile(keyCount: 2, fieldCount: 30_000);
        _fixture.Begin(file.Length);
        _fixture.Send(file.AsSpan(0, file.Length / 2), 4096);
        _fixture.Keyspace.Put("key:1", "changed meanwhile");
        _fixture.Saving.Begin(_fixture.Saving.File("dump.rdb"));
        _fixture.Saving.RunToEnd();
        Assert.Equal(_fixture.Content, JobFixture.ContentOf(_fixture.Saving.Disk.Files["dump.rdb"]));
        _fixture.Send(file.AsSpan(file.Length / 2), 4096);
        Assert.Equal("whole", _fixture.End);
        Assert.Equal(JobFixture.ContentOf(file), _fixture.Content);
    }

    [Fact]
    public void A_snapshot_under_way_keeps_the_old_data_that_is_replaced()
    {
        _fixture.Saving.Begin(_fixture.Saving.File("dump.rdb"));
        _fixture.Saving.Jobs.Run(static () => true);
        _fixture.Begin(_file.Length);
        _fixture.Send(_file, 4096);
        Assert.Equal("whole", _fixture.End);
        _fixture.Saving.RunToEnd();
        Assert.Equal(_oldContent, JobFixture.ContentOf(_fixture.Saving.Disk.Files["dump.rdb"]));
        Assert.Equal(_newContent, _fixture.Content);
    }

    [Fact]
    public void Cancelled_within_a_value_it_leaves_the_old_data()
    {
        byte[] file = NewFile(keyCount: 1, fieldCount: 3_000);
        for (int size = 0; size < file.Length; size += 1_000)
        {
            _fixture.Begin(file.Length);
            _fixture.Send(file.AsSpan(0, size), 4096);
            _fixture.Loads.Cancel();
            AssertOldData();
            Assert.Equal("it was cancelled", _fixture.End);
            Assert.Equal(-Errno.EPIPE, _fixture.Pipe.TryWrite("more"u8));
        }
    }

    [Fact]
    public void Clients_are_told_to_wait_where_it_goes_into_the_databases_in_use()
    {
        _fixture.Keyspace.Databases.FlushAll();
        _fixture.Begin(_file.Length, isAside: false);
        _fixture.Send(_file.AsSpan(0, 100), 10);
        Assert.True(_fixture.State.IsLoading);
        Assert.True(_fixture.Loads.HoldsClients);
        _fixture.Send(_file.AsSpan(100), 10);
        Assert.False(_fixture.State.IsLoading);
        Assert.Equal(_newContent, _fixture.Content);
    }

    [Fact]
    public void A_snapshot_goes_from_one_keyspace_into_another()
    {
        var other = new JobFixture();
        other.Fill(2_000);
        _fixture.Begin(ILoadSource.UnknownLength, s_mark);
        BytePipe pipe = _fixture.Pipe;
        other.Begin(new SinkTarget([pipe], s_mark, static () => 600_000, SystemClock.Instance));
        byte[] head = new byte["$EOF:\r\n"u8.Length + s_mark.Length];
        for (int read = 0; read < head.Length;)
        {
            other.Jobs.Run(static () => true);
            read += pipe.Read(head.AsSpan(read));
        }
        Assert.StartsWith("$EOF:0123456789", Encoding.Latin1.GetString(head), StringComparison.Ordinal);
        while (_fixture.Loads.IsRunning)
        {
            other.Jobs.Run(static () => true);
            _fixture.RunUntilStarved();
        }
        other.RunToEnd();
        Assert.Equal("whole", _fixture.End);
        Assert.Null(other.Ends.Single().Problem);
        Assert.Equal(JobFixture.ContentOf(other.Keyspace), _fixture.Content);
        other.Dispose();
    }

    /// <summary>An RDB file with strings and a hash.</summary>
    private static byte[] NewFile(int keyCount, int fieldCount)
    {
        using var source = new JobFixture();
        for (int i = 0; i < keyCount; i++)
        {
            source.Keyspace.Put(string.Create(CultureInfo.InvariantCulture, $"new:{i}"), new string('n', i), database: i % 2);
        }
        Database database = source.Keyspace.Databases[0];
        byte[] key = "hash"u8.ToArray();
        KeyRef at = database.Find(key);
        database.Create(ref at, key, KeyType.Hash);
        var hash = new HashValue(database.Edit(at));
        for (int i = 0; i < fieldCount; i++)
        {
            hash.Set(
                Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"field:{i}")),
                Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"value {i * 7919L}")));
        }
        source.Begin(source.File("file"));
        source.RunToEnd();
        return source.Disk.Files["file"];
    }

    private void AssertOldData()
    {
        Assert.False(_fixture.Loads.IsRunning);
        Assert.False(_fixture.State.IsLoadingAside);
        Assert.NotEqual("whole", _fixture.End);
        Assert.Equal(_oldContent, _fixture.Content);
        Assert.Equal(_oldBytes, _fixture.SettledBytes);
    }
}
