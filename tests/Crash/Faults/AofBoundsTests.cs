using Bixbite.Crash.Disk;
using Bixbite.Engine.Propagation;
using Bixbite.Persistence.Aof;
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

    private readonly FaultyLog _log = new(s_bounds);

    public AofBoundsTests()
    {
        Assert.Equal(0, _log.Disk.Append("increment", out IDiskFile? file));
        Assert.True(_log.Writer.TryContinue(file!, "increment", size: 0, sizeBefore: 0));
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void WithEverysecNoMoreBytesWaitForASyncThanTheBoundAllows()
    {
        Use("everysec");
        HangNextSync();
        long mostWaiting = 0;
        while (_log.Writer.DelayedCount == 0)
        {
            Round(1);
            mostWaiting = Math.Max(mostWaiting, _log.Writer.UnwrittenSize);
            Assert.True(mostWaiting <= s_bounds.WaitingSize + (2 * PieceSize), $"{mostWaiting} bytes wait");
        }
        Assert.True(mostWaiting >= s_bounds.WaitingSize - (2 * PieceSize), $"written when only {mostWaiting} bytes waited");
        Assert.Equal(0, _log.Writer.UnwrittenSize);
        Assert.Equal(0, _log.State.AofErrno);
    }

    [Fact]
    public void WithAlwaysChangesAreRefusedWhenTooMuchIsNotDurableAndTakenAgainWhenItIs()
    {
        Use("always");
        _log.Disk.Faults.SyncGate.Reset();
        while (_log.State.AofErrno == 0)
        {
            long size = _log.Writer.UnsyncedSize;
            Assert.True(size <= s_bounds.RefusingSize + (2 * PieceSize), $"{size} bytes are not durable");
            Round(4);
        }
        Assert.True(_log.Writer.UnsyncedSize > s_bounds.RefusingSize, $"refused when {_log.Writer.UnsyncedSize} bytes were not durable");
        _log.Disk.Faults.SyncGate.Set();
        AwaitRecovery();
        Assert.Equal(0, _log.Writer.UnsyncedSize);
    }

    [Fact]
    public void WithAlwaysARoundThatAppendsTooMuchWaitsForTheDisk()
    {
        Use("always");
        _log.Disk.Faults.SyncGate.Reset();
        int pieceCount = 0;
        var round = new Thread(() =>
        {
            for (int i = 0; i < 2 * s_bounds.WritingSize / PieceSize; i++)
            {
                Append();
                Interlocked.Increment(ref pieceCount);
            }
            _log.Writer.EndRound();
        });
        round.Start();
        Patience.Until(
            () => Volatile.Read(ref pieceCount) >= (s_bounds.WritingSize / PieceSize) - 2,
            () => $"only {pieceCount} pieces were appended");
        Assert.False(round.Join(50), "more was appended than may be kept");
        Assert.InRange(Volatile.Read(ref pieceCount) * PieceSize, 0, s_bounds.WritingSize);
        _log.Disk.Faults.SyncGate.Set();
        Assert.True(round.Join(RespConnection.PatienceMs));
    }

    [Theory]
    [InlineData("everysec")]
    [InlineData("always")]
    [InlineData("no")]
    public void WhatCannotBeWrittenIsGivenUpBeforeItFillsTheMemory(string policy)
    {
        Use(policy);
        _log.Disk.Faults.ErrnoOf = operation => operation.Action == DiskAction.Write ? Errno.ENOSPC : 0;
        while (!_log.Writer.IsGivenUp)
        {
            Round(3);
            Assert.True(_log.Writer.UnwrittenSize <= s_bounds.LosingSize + PieceSize, $"{_log.Writer.UnwrittenSize} bytes are kept");
        }
        Assert.NotEqual(0, _log.State.AofErrno);
        Round(100);
        Assert.Equal(0, _log.Writer.UnwrittenSize);
        Assert.True(_log.Writer.IsSuspect);
    }

    [Theory]
    [InlineData("everysec")]
    [InlineData("always")]
    [InlineData("no")]
    public void WhatIsLargeIsWrittenAtOnceAndTakesNoMemory(string policy)
    {
        Use(policy);
        _log.Writer.Bounds = s_bounds with { LargeSizeMin = LargeSize };
        Round(1);
        AppendLarge();
        Assert.Equal(Tail.Length, _log.Writer.UnwrittenSize);
        _log.Writer.EndRound();
        Assert.Equal(0, _log.Writer.UnwrittenSize);
        Assert.Equal(Expected(1), _log.Disk.Content("increment"));
        Assert.True(_log.Writer.TryFinish());
        Assert.Equal(0, _log.Writer.UnsyncedSize);
        Assert.InRange(_log.Writer.BufferSize, 0, LargeSize - 1);
    }

    /// <summary>Where it cannot be written at once it waits like everything else, and nothing of it is in the file twice.</summary>
    [Theory]
    [InlineData("everysec")]
    [InlineData("always")]
    [InlineData("no")]
    public void WhatIsLargeAndCannotBeWrittenIsKept(string policy)
    {
        Use(policy);
        _log.Writer.Bounds = new AofBounds { LargeSizeMin = LargeSize };
        Round(1);
        _log.Disk.Faults.CapacityBytes = _log.Disk.UsedBytes + (LargeSize / 2);
        AppendLarge();
        _log.Writer.EndRound();
        Assert.NotEqual(0, _log.State.AofErrno);
        AppendLarge();
        _log.Writer.EndRound();
        Assert.Equal(2 * (Head.Length + LargeSize + Tail.Length), _log.Writer.UnwrittenSize);
        _log.Disk.Faults.Heal();
        AwaitRecovery();
        Assert.Equal(Expected(2), _log.Disk.Content("increment"));
    }

    [Fact]
    public void WithEverysecWhatIsLargeWaitsForASyncUnlessItIsTooMuch()
    {
        Use("everysec");
        _log.Writer.Bounds = new AofBounds { LargeSizeMin = LargeSize, WaitingSize = 2 * LargeSize };
        HangNextSync();
        AppendLarge();
        _log.Writer.EndRound();
        Assert.Equal(Head.Length + LargeSize + Tail.Length, _log.Writer.UnwrittenSize);
        AppendLarge();
        Assert.Equal(Tail.Length, _log.Writer.UnwrittenSize);
        _log.Disk.Faults.SyncGate.Set();
        Assert.True(_log.Writer.TryFinish());
        Assert.Equal(Expected(2), _log.Disk.Content("increment"));
    }

    /// <summary>Nobody could write it again, so nothing counts as durable until the log has been rewritten.</summary>
    [Fact]
    public void WhatIsLargeAndCannotBeSyncedIsAGap()
    {
        Use("always");
        _log.Writer.Bounds = new AofBounds { LargeSizeMin = LargeSize };
        Round(1);
        Assert.True(_log.Writer.TryFinish());
        long durableEnd = _log.Writer.DurableEnd;
        _log.Disk.Faults.FailSyncs();
        AppendLarge();
        Assert.Equal(_log.Writer.AppendedEnd, _log.Writer.EndRound());
        Assert.False(_log.Writer.TryFinish());
        _log.Disk.Faults.Heal();
        AwaitRecovery();
        Assert.True(_log.Writer.IsSuspect);
        Assert.Equal(durableEnd, _log.Writer.DurableEnd);
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
        _log.Writer.Append(0, Head, PropagationTargets.All);
        _log.Writer.Continue(large);
        // Whoever keeps it has copied it.
        Array.Clear(large);
        _log.Writer.Continue(Tail);
    }

    private void Use(string policy) => Assert.Null(_log.Settings.Fsync.Set([policy]));

    /// <summary>A sync of what is written is under way, and does not end.</summary>
    private void HangNextSync()
    {
        Round(1);
        _log.Disk.Faults.SyncGate.Reset();
        _log.Clock.AdvanceMs(1000);
        _log.Writer.Tick();
        Assert.Equal(1, _log.Writer.PendingSyncCount);
    }

    private void Round(int pieceCount)
    {
        for (int i = 0; i < pieceCount; i++)
        {
            Append();
        }
        _log.Writer.EndRound();
    }

    private void Append() => _log.Writer.Append(0, new byte[PieceSize], PropagationTargets.All);

    private void AwaitRecovery()
    {
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        while (_log.State.AofErrno != 0)
        {
            Assert.True(Environment.TickCount64 < deadline, "the log does not recover");
            _log.Clock.AdvanceMs(100);
            _log.Writer.Tick();
            Thread.Sleep(1);
        }
    }
}
