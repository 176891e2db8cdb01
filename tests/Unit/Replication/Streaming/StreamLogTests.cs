using System.Collections.Concurrent;
using Bixbite.Configuration;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Replication;
using Bixbite.Replication.Streaming;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Replication.Streaming;

/// <summary>Whoever reads a stream gets its bytes once and in their order, wherever they lie, and memory stays within its bound.</summary>
public sealed class StreamLogTests : IDisposable
{
    private const long Start = 1000;
    private const int Excess = 8192;

    private readonly ReplicationSettings _settings = new(new Settings());
    private readonly ScratchDisk _disk = new();
    private readonly ManualClock _clock = new();
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly StreamLog _log;
    private readonly Random _random = Seed.NewRandom();
    private readonly Dictionary<StreamCursor, long> _positions = [];

    public StreamLogTests()
    {
        KeepInMemory("4096");
        KeepOnDisk("1gb");
        _log = NewLog();
    }

    public void Dispose()
    {
        _disk.Gate.Set();
        foreach (StreamCursor cursor in _positions.Keys.ToList())
        {
            Forget(cursor);
        }
        Settle();
        _log.Dispose();
        Patience.Until(() => _disk.OpenCount == 0, "files are open");
        Assert.Equal(0, _disk.NameCount);
    }

    [Fact]
    public void WhatNobodyHasReadGoesToFilesAndComesBack()
    {
        StreamCursor slow = Follow(Start);
        StreamCursor quick = Follow(Start);
        for (int i = 0; i < 300; i++)
        {
            Append(1000);
            ReadAll(quick);
            Patience.Until(IsBounded, () => $"{_log.UsedBytes} bytes of memory");
        }
        Assert.True(_log.SpilledSize > 200_000, $"{_log.SpilledSize} bytes in files");
        Assert.Equal(1, _log.AwayCount);
        Assert.Equal(0, slow.PendingCount);
        ReadAll(slow);
        Settle();
        Assert.Equal((0, 0L), (_log.AwayCount, _log.SpilledSize));
        Assert.Contains("temporary files", string.Join('\n', _lines), StringComparison.Ordinal);
        Append(100);
        ReadAll(slow);
        ReadAll(quick);
    }

    /// <summary>What files have for one that is slow is there for all, as what is kept in memory.</summary>
    [Fact]
    public void WhoComesBackReadsTheFilesOfAnother()
    {
        StreamCursor slow = Follow(Start);
        for (int i = 0; i < 100; i++)
        {
            Append(1000);
            Patience.Until(IsBounded);
        }
        Assert.Equal(Start, _log.LoggedStart);
        Assert.True(_log.Start > Start + 50_000, $"memory begins at {_log.Start}");
        StreamCursor first = Follow(Start + 1);
        StreamCursor second = Follow(_log.Start - 1);
        Assert.False(_log.TryReadFrom(Start - 1, out _));
        Append(3000);
        ReadAll(second);
        ReadAll(first);
        Forget(first);
        ReadAll(slow);
        Settle();
        Assert.Equal(_log.Start, _log.LoggedStart);
        Assert.False(_log.TryReadFrom(_log.Start - 1, out _));
    }

    [Fact]
    public void WhatCannotBeReadIsTriedOnce()
    {
        StreamCursor slow = Follow(Start);
        Append(100_000);
        Patience.Until(IsBounded);
        _disk.CutAll();
        StreamCursor other = Follow(Start + 5000);
        Patience.Until(() =>
        {
            Trim();
            Read(other);
            return other.Problem is not null && _log.LoggedStart > _positions[other];
        });
        Assert.False(_log.TryReadFrom(_positions[other], out _));
        Assert.Null(slow.Problem);
    }

    [Fact]
    public void WhoWasGivenUpDoesNotComeBackToFilesThatAreTooLarge()
    {
        StreamCursor first = Follow(Start);
        StreamCursor second = Follow(Start);
        Append(100_000);
        Patience.Until(IsBounded);
        KeepOnDisk("60000");
        Patience.Until(() => IsBounded() && (first.Problem ?? second.Problem) is not null);
        Assert.Equal(_log.Start, _log.LoggedStart);
        Assert.False(_log.TryReadFrom(Start, out _));
    }

    [Fact]
    public void WithoutFilesItIsKeptInMemoryAndCounts()
    {
        KeepOnDisk("0");
        StreamCursor slow = Follow(Start);
        Append(100_000);
        Append(1);
        Assert.Equal(100_001, slow.PendingCount);
        Assert.Equal((0, 0L), (_log.AwayCount, _log.SpilledSize));
        KeepOnDisk("1mb");
        Patience.Until(IsBounded);
        Assert.Equal(0, slow.PendingCount);
        ReadAll(slow);
    }

    [Fact]
    public void AFullDiskLeavesItInMemoryUntilThereIsRoom()
    {
        StreamCursor slow = Follow(Start);
        Append(50_000);
        Patience.Until(IsBounded);
        _disk.CanRead = true;
        _disk.FailsIn = 1;
        Append(100_000);
        Patience.Until(() => CountsNow(slow) > 90_000, () => $"{slow.PendingCount} bytes count");
        Assert.Contains("cannot be kept in temporary files: ", string.Join('\n', _lines), StringComparison.Ordinal);
        Assert.Null(slow.Problem);
        _disk.FailsIn = int.MaxValue;
        Patience.Until(() => IsBounded() && slow.PendingCount == 0, () => $"{slow.PendingCount} bytes count");
        ReadAll(slow);
    }

    [Fact]
    public void ADiskThatHangsHoldsNobodyElse()
    {
        StreamCursor slow = Follow(Start);
        StreamCursor quick = Follow(Start);
        _disk.Gate.Reset();
        for (int i = 0; i < 100; i++)
        {
            Append(1000);
            ReadAll(quick);
        }
        Patience.Until(() => CountsNow(slow) > 90_000, () => $"{slow.PendingCount} bytes count");
        Forget(slow);
        _disk.Gate.Set();
        Settle();
        ReadAll(quick);
    }

    [Fact]
    public void AFileThatSomebodyCutsOffEndsWhoReadsIt()
    {
        StreamCursor slow = Follow(Start);
        StreamCursor quick = Follow(Start);
        Append(100_000);
        ReadAll(quick);
        Patience.Until(IsBounded);
        _disk.CutAll();
        Patience.Until(() =>
        {
            Trim();
            Read(slow);
            return slow.Problem is not null;
        });
        Assert.Contains("shorter", slow.Problem, StringComparison.Ordinal);
        Append(10);
        ReadAll(quick);
    }

    [Fact]
    public void WhoIsFarthestBehindGoesWhereFilesAreTooLarge()
    {
        KeepOnDisk("60000");
        StreamCursor first = Follow(Start);
        Append(30_000);
        StreamCursor second = Follow(_log.End);
        for (int i = 0; i < 40; i++)
        {
            Append(1000);
            Patience.Until(IsBounded);
        }
        Patience.Until(() => IsBounded() && first.Problem is not null);
        Assert.Contains("repl-backlog-disk-size", first.Problem, StringComparison.Ordinal);
        Forget(first);
        Patience.Until(() => IsBounded() && _log.SpilledSize < 60_000);
        Assert.Null(second.Problem);
        ReadAll(second);
    }

    [Fact]
    public void RandomSteps()
    {
        KeepInMemory("10000");
        for (int step = 0; step < 20_000; step++)
        {
            switch (_random.Next(20))
            {
                case 0 when _positions.Count < 6:
                    FollowWhatIsKept();
                    break;
                case 1 when _positions.Count > 3:
                    Forget(Any());
                    break;
                case 2:
                    _disk.FailureCount = _random.Next(1, 4);
                    _disk.FailsIn = _random.Next(3) == 0 ? _random.Next(1, 20) : int.MaxValue;
                    break;
                case 3:
                    _clock.AdvanceMs(_random.Next(1500));
                    break;
                case 4:
                    Trim();
                    break;
                case < 12:
                    Append(_random.Next(10) == 0 ? _random.Next(30_000) : _random.Next(1, 700));
                    break;
                default:
                    if (_positions.Count > 0 && Any() is { } cursor && !Read(cursor) && cursor.Problem is not null)
                    {
                        Forget(cursor);
                    }
                    break;
            }
        }
        _disk.FailsIn = int.MaxValue;
        foreach (StreamCursor cursor in _positions.Keys.Where(static cursor => cursor.Problem is null).ToList())
        {
            ReadAll(cursor);
        }
    }

    [Fact]
    public async Task ReadersOnOtherThreads()
    {
        const long End = Start + 3_000_000;
        StreamCursor[] cursors = [.. Enumerable.Range(0, 4).Select(_ => Follow(Start))];
        Task<string?>[] readings = [.. cursors.Select((cursor, i) => Task.Run(() => ReadSlowly(cursor, End, i)))];
        while (_log.End < End)
        {
            Append((int)Math.Min(_random.Next(1, 3000), End - _log.End));
        }
        foreach (Task<string?> reading in readings)
        {
            while (!reading.IsCompleted)
            {
                Trim();
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
            Assert.Null(await reading);
        }
    }

    private static string? ReadSlowly(StreamCursor cursor, long end, int number)
    {
        Random random = new(number);
        long position = Start;
        while (position < end)
        {
            foreach (byte read in Take(cursor, random.Next(1, 5000)))
            {
                if (read != ByteAt(position++))
                {
                    return $"byte {position - 1} is wrong";
                }
            }
            if (cursor.Problem is { } problem)
            {
                return problem;
            }
            if (random.Next(200) == 0)
            {
                Thread.Sleep(number);
            }
        }
        return null;
    }

    private static byte[] Take(StreamCursor cursor, int sizeMax)
    {
        IoVector[] pieces = new IoVector[4];
        int count = cursor.Peek(pieces, sizeMax, out int size);
        byte[] bytes = [.. pieces.Take(count).SelectMany(static piece => Native.Bytes(piece.Address, (int)piece.Size).ToArray())];
        if (size > 0)
        {
            cursor.Take(size);
        }
        return bytes;
    }

    private static byte ByteAt(long position) => (byte)((position * 31) ^ (position >> 8));

    private StreamLog NewLog()
    {
        ServerLog log = new(_clock, (_, line) => _lines.Enqueue(line));
        StreamTools tools = new(_disk, _clock, new CronAlarm(), log) { Bounds = new StreamBounds(Excess, 1500, 20_000) };
        return new StreamLog(_settings, tools, Start);
    }

    private void KeepInMemory(string size) => Assert.Null(_settings.BacklogSize.Set([size]));

    private void KeepOnDisk(string size) => Assert.Null(_settings.BacklogDiskSize.Set([size]));

    private bool IsBounded()
    {
        _clock.AdvanceMs(100);
        Trim();
        return _log.End - _log.Start <= 4096 + Excess + 1024;
    }

    private long CountsNow(StreamCursor cursor)
    {
        _clock.AdvanceMs(100);
        Trim();
        return cursor.PendingCount;
    }

    private StreamCursor Follow(long position)
    {
        Assert.True(_log.TryReadFrom(position, out StreamCursor? cursor));
        _positions.Add(cursor, position);
        return cursor;
    }

    private void FollowWhatIsKept()
    {
        long position = _random.NextInt64(_log.LoggedStart, _log.End + 1);
        if (_log.TryReadFrom(position, out StreamCursor? cursor))
        {
            _positions.Add(cursor, position);
        }
        else
        {
            // The thread may have let go of it this moment.
            Assert.True(position < _log.Start, $"byte {position} is in memory, which begins at {_log.Start}");
        }
    }

    private void Forget(StreamCursor cursor)
    {
        _log.Forget(cursor);
        _positions.Remove(cursor);
    }

    private StreamCursor Any() => _positions.Keys.ElementAt(_random.Next(_positions.Count));

    private void Append(int size)
    {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
        {
            bytes[i] = ByteAt(_log.End + i);
        }
        _log.Append(bytes);
        _log.Publish();
        Trim();
    }

    private void Trim() => _log.Trim();

    /// <summary>Reads some bytes; false if there are none now.</summary>
    private bool Read(StreamCursor cursor)
    {
        byte[] bytes = Take(cursor, _random.Next(1, 4000));
        long position = _positions[cursor];
        for (int i = 0; i < bytes.Length; i++)
        {
            Assert.True(bytes[i] == ByteAt(position + i), $"byte {position + i} is wrong");
        }
        _positions[cursor] = position + bytes.Length;
        return bytes.Length > 0;
    }

    private void ReadAll(StreamCursor cursor) => Patience.Until(
        () =>
        {
            while (Read(cursor))
            {
            }
            Trim();
            return _positions[cursor] == _log.End;
        },
        () => $"it is at {_positions[cursor]} of {_log.End}, {cursor.Problem}");

    /// <summary>Nobody needs files any more, and none are left.</summary>
    private void Settle() => Patience.Until(
        () =>
        {
            _clock.AdvanceMs(100);
            Trim();
            return _log.SpilledSize == 0 && !_log.NeedsTidying;
        },
        () => $"{_log.SpilledSize} bytes are left in files");
}
