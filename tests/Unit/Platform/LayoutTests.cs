using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

/// <summary>The sizes are those the C compiler gives the kernel's structures on 64-bit Linux.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void StructuresHaveTheKernelsSizes()
    {
        Assert.Equal(28, Unsafe.SizeOf<SocketAddress>());
        Assert.Equal(48, Unsafe.SizeOf<Sockets.AddressInfo>());
        Assert.Equal(56, Unsafe.SizeOf<Sockets.MessageHeader>());
        Assert.Equal(16, Unsafe.SizeOf<IoVector>());
        Assert.Equal(144, Unsafe.SizeOf<ProcessFacts.ResourceUsage>());
        Assert.Equal(16, Unsafe.SizeOf<ProcessFacts.ResourceLimit>());
        Assert.Equal(112, Unsafe.SizeOf<ProcessFacts.SystemInfo>());
        Assert.Equal(152, Unsafe.SizeOf<FatalSignals.SignalAction>());
    }

    [Fact]
    public void EpollEventIsPackedOnX64Only()
    {
        bool isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        Assert.Equal(isX64 ? 12 : 16, EpollEvents.Stride);
        Assert.Equal(isX64 ? 4 : 8, EpollEvents.DataOffset);
    }
}
