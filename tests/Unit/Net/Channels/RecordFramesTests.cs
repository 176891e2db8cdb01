using Bixbite.Net.Channels;
using Xunit;

namespace Bixbite.Unit.Net.Channels;

/// <summary>Records are counted from outside, however their bytes come.</summary>
public sealed class RecordFramesTests
{
    /// <summary>Three records, the second without content, and the beginning of a fourth.</summary>
    private static readonly byte[] s_bytes = [23, 3, 3, 0, 2, 1, 2, 23, 3, 3, 0, 0, 23, 3, 3, 0, 1, 9, 23, 3];

    [Fact]
    public void WholeRecordsAreCounted()
    {
        RecordFrames frames = default;
        Assert.Equal(s_bytes.Length, frames.Take(s_bytes, 10, out int count));
        Assert.Equal(3, count);
    }

    [Fact]
    public void NoMoreAreTakenThanAllowed()
    {
        RecordFrames frames = default;
        Assert.Equal(7, frames.Take(s_bytes, 1, out int count));
        Assert.Equal(1, count);
        Assert.Equal(5, frames.Take(s_bytes.AsSpan(7), 1, out count));
        Assert.Equal(1, count);
        Assert.Equal(8, frames.Take(s_bytes.AsSpan(12), 5, out count));
        Assert.Equal(1, count);
    }

    [Fact]
    public void CutsDoNotMatter()
    {
        for (int at = 0; at <= s_bytes.Length; at++)
        {
            RecordFrames frames = default;
            Assert.Equal(at, frames.Take(s_bytes.AsSpan(0, at), 10, out int first));
            Assert.Equal(s_bytes.Length - at, frames.Take(s_bytes.AsSpan(at), 10, out int second));
            Assert.Equal(3, first + second);
        }
    }

    [Fact]
    public void LengthsAreOfTwoBytes()
    {
        RecordFrames frames = default;
        byte[] bytes = [23, 3, 3, 0x40, 0x11, .. new byte[0x4011], 1];
        Assert.Equal(bytes.Length, frames.Take(bytes, 10, out int count));
        Assert.Equal(1, count);
    }
}
