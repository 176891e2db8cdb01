using Bixbite.Configuration;
using Bixbite.Crash.Disk;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Faults;

/// <summary>What waits for a slow or failing disk is bounded by bytes: the bounds are small here, the rules those of any size.</summary>
public sealed class AofBoundsTests : IDisposable
{
    private const int PieceSize = 1000;
    private const int LargeSize = 100_000;

    private static readonly AofBounds s_bounds =
        new(WaitingSize: 10 * PieceSize, RefusingSize: 20 * PieceSize, WritingSize: 40 * PieceSize, LosingSize: 80 * PieceSize);

    private readonly SimulatedDisk _disk = new();
    private readonly ManualClock _clock = new();
    private readonly TempFolder _folder = new();
    private readonly Heap _heap = new();
    private readonly AofSettings _settings = new(new Settings());
    private readonly DataState _state = new(new RaisedConcerns());
    private readonly ServerLog _serverLog;
    private readonly AofWriter _log;

    public AofBoundsTests()
    {
        _serverLog = new ServerLog(_clock, _folder.File("log"));
        _log = new AofWriter(_heap, _settings, _state, new SavingTools(_disk, _clock, _serverLog, new UnlimitedMemory()))
        {
            Bounds = s_bounds,
        };
        Assert.Equal(0, _disk.Append("increment", out IDiskFile? file));
        Assert.True(_log.TryContinue(file!, "increment", size: 0, sizeBefore: 0));
    }

    public void Dispose()
    {
        _disk.Faults.Heal();
        _log.Dispose();
        _heap.Dispose();
        _serverLog.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void WithEverysecNoMoreBytesWaitForASyncThanTheBoundAllows()
    {
        Use("everysec");
        HangNextSync();
        long mostWaiting = 0;
        while (_log.DelayedCount == 0)
        {
            Round(1);
            mostWaiting = Math.Max(mostWaiting, _log.UnwrittenSize);
            Assert.True(mostWaiting <= s_bounds.WaitingSize + (2 * PieceSize), $"{mostWaiting} bytes wait");
        }
        Assert.True(mostWaiting >= s_bounds.WaitingSize - (2 * PieceSize), $"written when only {mostWaiting} bytes waited");
        Assert.Equal(0, _log.UnwrittenSize);
        Assert.Equal(0, _state.AofErrno);
    }

    [Fact]
    public void WithAlwaysChangesAreRefusedWhenTooMuchIsNotDurableAndTakenAgainWhenItIs()
    {
        Use("always");
        _disk.Faults.SyncGate.Reset();
        while (_state.AofErrno == 0)
        {
            Assert.True(_log.UnsyncedSize <= s_bounds.RefusingSize + (2 * PieceSize), $"{_log.UnsyncedSize} bytes are not durable");
            Round(4);
        }
        Assert.True(_log.UnsyncedSize > s_bounds.RefusingSize, $"refused when {_log.UnsyncedSize} bytes were not durable");
        _disk.Faults.SyncGate.Set();
        AwaitRecovery();
        Assert.Equal(0, _log.UnsyncedSize);
    }

    [Fact]
    public void WithAlwaysARoundThatAppendsTooMuchWaitsForTheDisk()
    {
        Use("always");
        _disk.Faults.SyncGate.Reset();
        int pieceCount = 0;
        var round = new Thread(() =>
        {
            for (int i = 0; i < 2 * s_bounds.WritingSize / PieceSize; i++)
            {
                Append();
                Interlocked.Increment(ref pieceCount);
            }
            _log.EndRound();
        });
        round.Start();
        Patience.Until(
            () => Volatile.Read(ref pieceCount) >= (s_bounds.WritingSize / PieceSize) - 2,
            () => $"only {pieceCount} pieces were appended");
        Assert.False(round.Join(50), "more was appended than may be kept");
        Assert.InRange(Volatile.Read(ref pieceCount) * PieceSize, 0, s_bounds.WritingSize);
        _disk.Faults.SyncGate.Set();
        Assert.True(round.Join(RespConnection.PatienceMs));
    }

    [Theory]
    [InlineData("everysec")]
    [InlineData("always")]
    [InlineData("no")]
    public void WhatCannotBeWrittenIsGivenUpBeforeItFillsTheMemory(string policy)
    {
        Use(policy);
        _disk.Faults.ErrnoOf = operation => operation.Action == DiskAction.Write ? Errno.ENOSPC : 0;
        while (!_log.IsGivenUp)
        {
            Round(3);
            Assert.True(_log.UnwrittenSize <= s_bounds.LosingSize + PieceSize, $"{_log.UnwrittenSize} bytes are kept");
        }
        Assert.NotEqual(0, _state.AofErrno);
        Round(100);
        Assert.Equal(0, _log.UnwrittenSize);
        Assert.True(_log.IsSuspect);
    }

    [Theory]
    [InlineData("everysec")]
    [InlineData("always")]
    [InlineData("no")]
    public void WhatIsLargeIsWrittenAtOnceAndTakesNoMemory(string policy)
    {
        Use(policy);
        _log.Bounds = s_bounds with { LargeSizeMin = LargeSize };
        Round(1);
        AppendLarge();
        Assert.Equal(Tail.Length, _log.UnwrittenSize);
        _log.EndRound();
        Assert.Equal(0, _log.UnwrittenSize);
        Assert.Equal(Expected(1), _disk.Content("increment"));
        Assert.True(_log.TryFinish());
        Assert.Equal(0, _log.UnsyncedSize);
        Assert.InRange(_log.BufferSize, 0, LargeSize - 1);
    }

    /// <summary>Where it cannot be written at once it waits like everything else, and nothing of it is in the file twice.</summary>
    [Theory]
    [InlineData("everysec")]
    [InlineData("always")]
    [InlineData("no")]
    public void WhatIsLargeAndCannotBeWrittenIsKept(string policy)
    {
        Use(policy);
        _log.Bounds = new AofBounds { LargeSizeMin = LargeSize };
        Round(1);
        _disk.Faults.CapacityBytes = _disk.UsedBytes + (LargeSize / 2);
        AppendLarge();
        _log.EndRound();
        Assert.NotEqual(0, _state.AofErrno);
        AppendLarge();
        _log.EndRound();
        Assert.Equal(2 * (Head.Length + LargeSize + Tail.Length), _log.UnwrittenSize);
        _disk.Faults.Heal();
        AwaitRecovery();
        Assert.Equal(Expected(2), _disk.Content("increment"));
    }

    [Fact]
    public void WithEverysecWhatIsLargeWaitsForASyncUnlessItIsTooMuch()
    {
        Use("everysec");
        _log.Bounds = new AofBounds { LargeSizeMin = LargeSize, WaitingSize = 2 * LargeSize };
        HangNextSync();
        AppendLarge();
        _log.EndRound();
        Assert.Equal(Head.Length + LargeSize + Tail.Length, _log.UnwrittenSize);
        AppendLarge();
        Assert.Equal(Tail.Length, _log.UnwrittenSize);
        _disk.Faults.SyncGate.Set();
        Assert.True(_log.TryFinish());
        Assert.Equal(Expected(2), _disk.Content("increment"));
    }

    /// <summary>Nobody could write it again, so nothing counts as durable until the log has been rewritten.</summary>
    [Fact]
    public void WhatIsLargeAndCannotBeSyncedIsAGap()
    {
        Use("always");
        _log.Bounds = new AofBounds { LargeSizeMin = LargeSize };
        Round(1);
        Assert.True(_log.TryFinish());
        long durableEnd = _log.DurableEnd;
        _disk.Faults.FailSyncs();
        AppendLarge();
        Assert.Equal(_log.AppendedEnd, _log.EndRound());
        Assert.False(_log.TryFinish());
        _disk.Faults.Heal();
        AwaitRecovery();
        Assert.True(_log.IsSuspect);
        Assert.Equal(durableEnd, _log.DurableEnd);
    }

    private static ReadOnlySpan<byte> Head => "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\n"u8;

    private static ReadOnlySpan<byte> Tail => "\r\n"u8;

    /// <summary>What one round of <see cref="Append"/> and so many of <see cref="AppendLarge"/> leave in the file.</summary>
    private static byte[] Expected(int largeCount)
    {
        byte[] large = new byte[LargeSize];
        Array.Fill(large, (byte)'v');
        byte[] request = [.. Head, .. large, .. Tail];
        byte[] requests = [.. Enumerable.Repeat(request, largeCount).SelectMany(each => each)];
        return [.. "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n"u8, .. new byte[PieceSize], .. requests];
    }

    private void AppendLarge()
    {
        byte[] large = new byte[LargeSize];
        Array.Fill(large, (byte)'v');
        _log.Append(0, Head, PropagationTargets.All);
        _log.Continue(large);
        // Whoever keeps it has copied it.
        Array.Clear(large);
        _log.Continue(Tail);
    }

    private void Use(string policy) => Assert.Null(_settings.Fsync.Set([policy]));

    /// <summary>A sync of what is written is under way, and does not end.</summary>
    private void HangNextSync()
    {
        Round(1);
        _disk.Faults.SyncGate.Reset();
        _clock.AdvanceMs(1000);
        _log.Tick();
        Assert.Equal(1, _log.PendingSyncCount);
    }

    private void Round(int pieceCount)
    {
        for (int i = 0; i < pieceCount; i++)
        {
            Append();
        }
        _log.EndRound();
    }

    private void Append() => _log.Append(0, new byte[PieceSize], PropagationTargets.All);

    private void AwaitRecovery()
    {
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        while (_state.AofErrno != 0)
        {
            Assert.True(Environment.TickCount64 < deadline, "the log does not recover");
            _clock.AdvanceMs(100);
            _log.Tick();
            Thread.Sleep(1);
        }
    }
}
