using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

/// <summary>The disk by what .NET offers.</summary>
public sealed class PortableDiskTests() : DiskTests(new PortableDisk())
{
    /// <summary>A server of either way keeps one of the other from its log.</summary>
    [Fact]
    public void A_lock_of_one_way_is_one_of_the_other()
    {
        SystemDisk other = new();
        Assert.Equal(0, Disk.Lock(Of("lock"), out IDisposable? hold, out _));
        Assert.Equal(-Errno.EAGAIN, other.Lock(Of("lock"), out _, out _));
        hold!.Dispose();
        Assert.Equal(0, other.Lock(Of("lock"), out hold, out _));
        Assert.Equal(-Errno.EAGAIN, Disk.Lock(Of("lock"), out _, out _));
        hold!.Dispose();
    }
}
