using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Bixbite.Configuration;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Aof;
using Bixbite.Platform;
using Bixbite.Replication;
using Bixbite.Replication.Streaming;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Replication.Streaming;

/// <summary>
/// A stream whose changes are in the append only log too: whoever comes back, or falls behind, reads them there, in their order.
/// </summary>
public sealed class LoggedStreamTests : IDisposable
{
    private readonly ReplicationSettings _settings = new(new Settings());
    private readonly ScratchDisk _disk = new();
    private readonly AofPlaces _places = new();
    private readonly ManualClock _clock = new();
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly StreamLog _stream;
    private readonly Random _random = Seed.NewRandom();
    private readonly Dictionary<StreamCursor, long> _positions = [];
    private readonly List<byte> _written = [];
    private readonly List<byte> _logged = [];
    private LoggedFacts _facts;

    public LoggedStreamTests()
    {
        Assert.Null(_settings.BacklogSize.Set(["4096"]));
        ServerLog log = new(_clock, (_, line) => _lines.Enqueue(line));
        StreamTools tools = new(_disk, _clock, new CronAlarm(), log) { Bounds = new StreamBounds(8192, 1500, 20_000), Places = _places };
        _stream = new StreamLog(_settings, tools, 0);
        _stream.BeginMap();
        BeginFile();
    }

    public void Dispose()
    {
        _disk.Gate.Set();
        _positions.Keys.ToList().ForEach(Forget);
        Patience.Until(() =>
        {
            Trim();
            return !_stream.NeedsTidying;
        });
        _stream.EndMap();
        _stream.Dispose();
        Patience.Until(() => _disk.OpenCount == 0, "files are open");
    }

    [Fact]
    public void NoTemporaryFileIsWrittenForWhatIsInTheLog()
    {
        StreamCursor slow = Follow(0);
        StreamCursor quick = Follow(0);
        for (int i = 0; i < 300; i++)
        {
            Change(1000);
            Write();
            ReadAll(quick);
        }
        Assert.Equal((1, 0L, 0L), (_stream.AwayCount, slow.PendingCount, _stream.SpilledSize));
        Assert.InRange(_stream.End - _stream.Start, 0, 4096 + 8192 + 1024);
        ReadAll(slow);
        StreamCursor late = Follow(1234);
        ReadAll(late);
        Assert.Equal((0, 0), (_stream.AwayCount, _lines.Count));
    }

    /// <summary>What the log has not written yet is waited for, and memory holds it as long.</summary>
    [Fact]
    public void ALogThatIsBehindIsWaitedFor()
    {
        Change(20_000);
        Write();
        StreamCursor cursor = Follow(100);
        Change(5000);
        Change(4000);
        Read(cursor, 19_900);
        Assert.Null(cursor.Problem);
        Write();
        ReadAll(cursor);
    }

    [Fact]
    public void WithoutAMapOneStartsInMemoryAlone()
    {
        Change(20_000);
        Write();
        _stream.EndMap();
        Assert.False(_stream.TryReadFrom(100, out _));
        Assert.Equal(_stream.Start, _stream.LoggedStart);
        _stream.BeginMap();
        Change(20_000);
        Write();
        Assert.False(_stream.TryReadFrom(19_999, out _));
        ReadAll(Follow(20_000));
    }

    [Fact]
    public void FilesThatAreHeldForOneWhoReadsCountForTheLimit()
    {
        Assert.Null(_settings.BacklogDiskSize.Set(["30000"]));
        Change(20_000);
        Write();
        StreamCursor slow = Follow(100);
        BeginFile();
        Replace();
        Trim();
        Assert.Equal((20_000, null), (_stream.SpilledSize, slow.Problem));
        Change(20_000);
        BeginFile();
        Replace();
        Trim();
        Assert.Contains("repl-backlog-disk-size", slow.Problem, StringComparison.Ordinal);
        Forget(slow);
        Patience.Until(() =>
        {
            Trim();
            return _stream.SpilledSize == 0;
        });
        Assert.InRange(_stream.LoggedStart, 40_000 - 4096 - 1024, 40_000 - 4096);
    }

    [Fact]
    public void WhatTheDiskHasNotKeptIsSentToNobody()
    {
        Change(40_000);
        Write();
        StreamCursor slow = Follow(100);
        Lose();
        Patience.Until(() =>
        {
            Trim();
            _ = TryRead(slow, 1000);
            return slow.Problem is not null;
        });
        Assert.False(_stream.TryReadFrom(100, out _));
    }

    /// <summary>Whoever cannot read comes back for the same: it must not be told to go on there for ever.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatCannotBeReadIsTriedOnce(bool isForgottenFirst)
    {
        Change(40_000);
        Write();
        StreamCursor other = Follow(0);
        Read(other, 30_000);
        _disk.FailsIn = 3;
        _disk.FailureCount = 1;
        StreamCursor slow = Follow(100);
        Patience.Until(() =>
        {
            _ = TryRead(slow, 1000);
            return slow.Problem is not null;
        });
        long sent = _positions[slow];
        if (isForgottenFirst)
        {
            Forget(slow);
        }
        Patience.Until(() =>
        {
            Trim();
            return _stream.LoggedStart > sent;
        });
        Assert.False(_stream.TryReadFrom(sent, out _));
        ReadAll(other);
        ReadAll(Follow(_stream.LoggedStart));
    }

    /// <summary>Whoever was let in gets everything, whatever files come and go, unless the disk loses something.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RandomSteps(bool isLossy)
    {
        int loggedCount = 0;
        for (int step = 0; step < 20_000; step++)
        {
            switch (_random.Next(30))
            {
                case 0 when _positions.Count < 6:
                    long position = _random.NextInt64(Math.Max(_stream.LoggedStart, _stream.End - 100_000), _stream.End + 1);
                    loggedCount += TryFollow(position) && position < _stream.Start ? 1 : 0;
                    break;
                case 1 when _positions.Count > 2:
                    Forget(Any());
                    break;
                case 2 when _random.Next(20) == 0:
                    BeginFile();
                    break;
                case 3 when _random.Next(20) == 0:
                    Replace();
                    break;
                case 4 when isLossy && _random.Next(30) == 0:
                    Lose();
                    break;
                case 5:
                    _clock.AdvanceMs(_random.Next(500));
                    break;
                case < 8:
                    Trim();
                    break;
                case < 12:
                    Write();
                    break;
                case < 14:
                    OwnOnly(_random.Next(60) == 0 ? 66_000 : _random.Next(1, 50));
                    break;
                case < 21:
                    Change(_random.Next(20) == 0 ? _random.Next(1, 20_000) : _random.Next(1, 500));
                    break;
                default:
                    Look(isLossy);
                    break;
            }
        }
        Write();
        foreach (StreamCursor cursor in _positions.Keys.Where(static cursor => cursor.Problem is null).ToList())
        {
            Patience.Until(() => IsRead(cursor) || (isLossy && cursor.Problem is not null), () => Describe(cursor));
        }
        Assert.True(loggedCount > 20, $"{loggedCount} have begun in the log");
    }

    private void Look(bool isLossy)
    {
        if (_positions.Count == 0)
        {
            return;
        }
        StreamCursor cursor = Any();
        if (!TryRead(cursor, _random.Next(1, 6000)) && cursor.Problem is { } problem)
        {
            Assert.True(isLossy, problem);
            Forget(cursor);
        }
    }

    private void BeginFile()
    {
        Write();
        string path = $"log{_facts.FileCount}";
        _facts = _facts with { Path = path, FileStart = _logged.Count, FileCount = _facts.FileCount + 1 };
        Assert.Equal(0, _disk.Create(path, out IDiskFile? file));
        file!.Dispose();
        _places.Begin(new AofPlace(path, _logged.Count, _logged.Count));
    }

    private void Replace() => _places.NoteReplaced(_facts.FileStart);

    private void Lose()
    {
        _places.NoteLost(_logged.Count);
        Write();
    }

    private void Write()
    {
        if (_facts.Path is { } path)
        {
            _disk.Put(path, CollectionsMarshal.AsSpan(_logged)[(int)_facts.FileStart..]);
            _places.WrittenEnd = _logged.Count;
        }
    }

    private byte[] NewBytes(int size)
    {
        byte[] bytes = new byte[size];
        _random.NextBytes(bytes);
        _written.AddRange(bytes);
        return bytes;
    }

    /// <summary>A request for both, which the log has first.</summary>
    private void Change(int size)
    {
        byte[] request = NewBytes(size);
        _places.NoteRequest(_logged.Count, 0);
        _logged.AddRange(request);
        int first = _random.Next(1, size + 1);
        _stream.Append([], request.AsSpan(0, first), isForLog: true);
        _stream.Continue(request.AsSpan(first));
        EndTurn();
    }

    private void OwnOnly(int size)
    {
        _stream.AppendOwn(NewBytes(size));
        EndTurn();
    }

    private void EndTurn()
    {
        _stream.Publish();
        Trim();
    }

    private void Trim() => _stream.Trim();

    private bool TryFollow(long position)
    {
        if (!_stream.TryReadFrom(position, out StreamCursor? cursor))
        {
            Assert.True(position < _stream.Start, "it is in memory");
            return false;
        }
        _positions.Add(cursor, position);
        return true;
    }

    private StreamCursor Follow(long position)
    {
        Assert.True(TryFollow(position));
        return _positions.Last().Key;
    }

    private void Forget(StreamCursor cursor)
    {
        _stream.Forget(cursor);
        _positions.Remove(cursor);
    }

    private StreamCursor Any() => _positions.Keys.ElementAt(_random.Next(_positions.Count));

    /// <summary>Reads some bytes; false if there are none now.</summary>
    private bool TryRead(StreamCursor cursor, int sizeMax)
    {
        IoVector[] pieces = new IoVector[4];
        int count = cursor.Peek(pieces, sizeMax, out int size);
        long position = _positions[cursor];
        int offset = (int)position;
        foreach (IoVector piece in pieces.AsSpan(0, count))
        {
            Assert.True(
                CollectionsMarshal.AsSpan(_written)[offset..].StartsWith(Native.Bytes(piece.Address, (int)piece.Size)),
                $"bytes after {offset} are wrong");
            offset += (int)piece.Size;
        }
        if (size > 0)
        {
            cursor.Take(size);
        }
        _positions[cursor] = position + size;
        return size > 0;
    }

    private void Read(StreamCursor cursor, long size)
    {
        long end = _positions[cursor] + size;
        Patience.Until(
            () =>
            {
                Trim();
                return !TryRead(cursor, (int)Math.Min(end - _positions[cursor], 5000)) && _positions[cursor] == end;
            },
            () => Describe(cursor));
    }

    private bool IsRead(StreamCursor cursor)
    {
        Trim();
        while (TryRead(cursor, 5000))
        {
        }
        return _positions[cursor] == _stream.End;
    }

    private void ReadAll(StreamCursor cursor) => Patience.Until(() => IsRead(cursor), () => Describe(cursor));

    private string Describe(StreamCursor cursor) =>
        $"it is at {_positions[cursor]} of {_stream.End}, {cursor.Stage} at {cursor.FilePosition}, {cursor.Problem}; memory begins at "
        + $"{_stream.Start}, the log at {_stream.LoggedStart}, {_stream.SpilledSize} bytes in files, {_stream.AwayCount} away\n"
        + string.Join('\n', _lines);

    private readonly record struct LoggedFacts(string? Path, long FileStart, int FileCount);
}
