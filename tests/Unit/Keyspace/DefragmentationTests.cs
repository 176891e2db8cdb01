using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.Strings;
using Xunit;

namespace Bixbite.Unit.Keyspace;

/// <summary>When defragmentation begins, goes on, rests and ends. The clock goes on a little with every reading.</summary>
public sealed class DefragmentationTests : IDisposable
{
    private const int KeyCount = 60_000;

    private readonly Heap _heap = new(isFenced: false);
    private readonly LazyFree _lazyFree = new();
    private readonly TickingClock _clock = new();
    private readonly Databases _databases;
    private readonly Defragmentation _defragmentation;

    public DefragmentationTests()
    {
        _databases = new Databases(2, new ValueContext(_heap, seed: 7), new AccessClock(new CommandTime()), _lazyFree);
        _defragmentation = new Defragmentation(_databases, _lazyFree, _clock);
        _defragmentation.Limits.IsOn = true;
    }

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void WasteGoesBackAndThenItRests()
    {
        Fill();
        Assert.False(IsFragmented());
        Run(ms: 300);
        Assert.Equal(0, _defragmentation.MovedCount);

        Thin();
        Assert.True(IsFragmented());
        long used = _heap.UsedBytes;
        Run(ms: 20_000);
        Assert.False(IsFragmented());
        Assert.Equal(0, _defragmentation.Effort);
        Assert.Equal(used, _heap.UsedBytes);
        Assert.InRange(_defragmentation.MovedCount, KeyCount / 20, KeyCount);
        Assert.InRange(_defragmentation.MovedKeyCount + _defragmentation.StayedKeyCount, KeyCount / 12, KeyCount);
        Assert.InRange(_defragmentation.TotalUs, 1, 20_000_000);
        Assert.Equal(0, _defragmentation.CurrentUs);
        Verify();

        long moved = _defragmentation.MovedCount;
        Run(ms: 5_000);
        Assert.Equal(moved, _defragmentation.MovedCount);
        _defragmentation.ResetStatistics();
        Assert.Equal((0, 0, 0), (_defragmentation.MovedCount, _defragmentation.StayedCount, _defragmentation.TotalUs));
    }

    [Theory]
    [InlineData(false, 1, 0, 10)]
    [InlineData(true, 1L << 30, 0, 10)]
    [InlineData(true, 1, 1000, 1000)]
    public void ItWaitsForItsLimits(bool isOn, long ignoredBytes, int lowerPercent, int upperPercent)
    {
        DefragmentationLimits limits = _defragmentation.Limits;
        (limits.IsOn, limits.IgnoredBytes, limits.LowerPercent, limits.UpperPercent) = (isOn, ignoredBytes, lowerPercent, upperPercent);
        Fill();
        Thin();
        Run(ms: 2_000);
        Assert.Equal(0, _defragmentation.MovedCount);
        (limits.IsOn, limits.IgnoredBytes, limits.LowerPercent) = (true, 1, 1);
        Run(ms: 20_000);
        Assert.False(IsFragmented());
    }

    [Theory]
    [InlineData(0, 100, 10, 100, 1, 25, 0)]
    [InlineData(10, 100, 10, 100, 1, 25, 1)]
    [InlineData(55, 100, 10, 100, 1, 25, 13)]
    [InlineData(100, 100, 10, 100, 1, 25, 25)]
    [InlineData(900, 100, 10, 100, 1, 25, 25)]
    [InlineData(900, 0, 10, 100, 1, 25, 25)]
    [InlineData(50, 100, 40, 40, 5, 75, 75)]
    [InlineData(50, 100, 40, 20, 5, 75, 75)]
    [InlineData(100, 100, 0, 100, 30, 10, 10)]
    [InlineData(100, 100, 100, 1000, 99, 99, 99)]
    public void EffortFollowsWaste(long waste, long used, int lower, int upper, int min, int max, int expected)
    {
        var limits = new DefragmentationLimits
        {
            IsOn = true, IgnoredBytes = 1, LowerPercent = lower, UpperPercent = upper, EffortMin = min, EffortMax = max,
        };
        Assert.Equal(expected, limits.EffortFor(waste, used));
    }

    [Fact]
    public void SwitchingItOffEndsAWalk()
    {
        Fill();
        Thin();
        while (_defragmentation.MovedCount == 0)
        {
            Run(ms: 1);
        }
        Assert.NotEqual(0, _defragmentation.Effort);
        _defragmentation.Limits.IsOn = false;
        Run(ms: 1);
        Assert.Equal(0, _defragmentation.Effort);
        long moved = _defragmentation.MovedCount;
        Run(ms: 1_000);
        Assert.Equal(moved, _defragmentation.MovedCount);
        Verify();
        _defragmentation.Limits.IsOn = true;
        Run(ms: 20_000);
        Assert.False(IsFragmented());
    }

    [Fact]
    public void ItTakesItsShareOfTimeAndNoMore()
    {
        DefragmentationLimits limits = _defragmentation.Limits;
        (limits.EffortMin, limits.EffortMax) = (20, 20);
        Fill();
        Thin();
        long slices = 0;
        while (_defragmentation.Effort != 0 || slices == 0)
        {
            long beginUs = _clock.Us;
            long waitUs = _defragmentation.Run();
            long spentUs = _clock.Us - beginUs;
            Assert.InRange(spentUs, 0, 200 + (2 * TickingClock.StepUs));
            Assert.InRange(_defragmentation.LongestSliceUs, spentUs - TickingClock.StepUs, 200 + (2 * TickingClock.StepUs));
            if (_defragmentation.Effort != 0)
            {
                Assert.InRange(waitUs, (spentUs - TickingClock.StepUs) * 5, spentUs * 5);
            }
            _clock.Us += waitUs;
            slices++;
        }
        Assert.InRange(slices, 3, 100_000);
    }

    [Fact]
    public void ItWaitsForLazyFreeing()
    {
        Fill();
        _databases.Flush(_databases[0], lazily: true);
        Thin();
        _lazyFree.Run(() => true);
        Assert.False(_lazyFree.IsIdle);
        Run(ms: 1_000);
        Assert.Equal(0, _defragmentation.Effort);
    }

    [Fact]
    public void WhatCannotMoveIsNotTriedForEver()
    {
        Fill(size: 5_000, count: 3_000);
        Thin(pin: true);
        Assert.True(IsFragmented());
        _defragmentation.Limits.IgnoredBytes = 1;
        Run(ms: 1_000);
        long looks = _defragmentation.StayedCount;
        Run(ms: 60_000);
        Assert.InRange(_defragmentation.StayedCount, looks, looks * 12);
    }

    private bool IsFragmented() => _heap.SparseBytes > (1 << 20) + (_heap.UsedBytes / 3);

    private void Run(int ms)
    {
        long endUs = _clock.Us + (ms * 1000L);
        while (_clock.Us < endUs)
        {
            long waitUs = _defragmentation.Run();
            _clock.Us += Math.Max(waitUs, 0);
        }
    }

    private void Fill(int size = 200, int count = KeyCount)
    {
        for (int i = 0; i < count; i++)
        {
            byte[] key = BitConverter.GetBytes(i);
            KeyRef at = _databases[0].Find(key);
            byte[] value = new byte[size + (i % 7 * 40)];
            Array.Fill(value, (byte)i);
            _databases[0].Put(ref at, key, StringForm.OfText(value), Deadline.None);
        }
    }

    private void Thin(bool pin = false)
    {
        for (int i = 0; i < KeyCount; i++)
        {
            KeyRef at = _databases[0].Find(BitConverter.GetBytes(i));
            if (at.Exists && i % 10 != 0)
            {
                _databases[0].Remove(ref at);
            }
            else if (at.Exists && pin)
            {
                _databases.Values.Pinned.Pin(at.Record.TextBlock);
            }
        }
    }

    private void Verify()
    {
        _databases[0].Index.Verify();
        for (int i = 0; i < KeyCount; i += 10)
        {
            Assert.False(_databases[0].Find(BitConverter.GetBytes(i)).Record.Text(default).ContainsAnyExcept((byte)i));
        }
    }

    private sealed class TickingClock : Bixbite.Platform.IClock
    {
        public const long StepUs = 20;

        public long Us { get; set; } = 1_000_000;

        public long MonotonicUs => Us += StepUs;

        public long ThreadCpuUs => Us;

        public long UnixMs => UnixUs / 1000;

        public long UnixUs => 1_700_000_000_000_000;
    }
}
