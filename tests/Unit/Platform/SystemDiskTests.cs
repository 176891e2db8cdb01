using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

public sealed class SystemDiskTests() : DiskTests(new SystemDisk())
{
    [Fact]
    public void Who_holds_a_lock_is_told()
    {
        Assert.Equal(0, Disk.Lock(Of("lock"), out IDisposable? hold, out _));
        using (hold)
        {
            Assert.Equal(-Errno.EAGAIN, Disk.Lock(Of("lock"), out _, out int holderId));
            Assert.Equal(Environment.ProcessId, holderId);
        }
    }
}
