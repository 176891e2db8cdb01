using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

public sealed class ProcessTests
{
    [Fact]
    public void FactsArePlausible()
    {
        Assert.InRange(ProcessFacts.ResidentBytes(), 4L << 20, ProcessFacts.SystemMemoryBytes());
        Assert.InRange(ProcessFacts.SystemMemoryBytes(), 256L << 20, 1L << 50);
        CpuTimes process = ProcessFacts.ProcessCpu();
        CpuTimes thread = ProcessFacts.ThreadCpu();
        Assert.True(process.UserUs > 0 && process.UserUs >= thread.UserUs);
        Assert.True(ProcessFacts.ChildrenCpu().UserUs >= 0);
    }

    [Fact]
    public void OpenFilesLimitIsNeverLowered()
    {
        long before = ProcessFacts.OpenFilesLimit();
        Assert.True(before > 0);
        Assert.True(ProcessFacts.RaiseOpenFilesLimit(before - 1) >= before);
        Assert.True(ProcessFacts.RaiseOpenFilesLimit(long.MaxValue) >= before);
    }

    [Fact]
    public void AThreadCanBePinned()
    {
        int pinned = -1;
        Thread thread = new(() => pinned = ProcessFacts.PinThread(0));
        thread.Start();
        thread.Join();
        Assert.Equal(0, pinned);
        Assert.Equal(-Errno.EINVAL, ProcessFacts.PinThread(-1));
    }

    [Fact]
    public void ClocksAgreeWithTheSystem()
    {
        SystemClock clock = SystemClock.Instance;
        long earliest = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        long unixMs = clock.UnixMs;
        long unixUs = clock.UnixUs;
        long latest = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Assert.InRange(unixMs, earliest - 1000, latest + 1000);
        Assert.InRange(unixUs / 1000, unixMs, latest + 1000);
        long before = clock.MonotonicUs;
        Thread.Sleep(20);
        Assert.InRange(clock.MonotonicUs - before, 15_000, long.MaxValue);
    }

    [Fact]
    public void AManualClockMovesOnlyByHand()
    {
        ManualClock clock = new(5000);
        long start = clock.MonotonicUs;
        clock.AdvanceMs(3);
        Assert.Equal(5003, clock.UnixMs);
        Assert.Equal(3000, clock.MonotonicUs - start);
        clock.SetUnixMs(1);
        Assert.Equal(1000, clock.UnixUs);
        Assert.Equal(3000, clock.MonotonicUs - start);
    }
}
