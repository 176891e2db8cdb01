using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>The kernel's iovec: a piece of memory to send.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct IoVector(ulong address, int size)
{
    public readonly ulong Address = address;
    public readonly ulong Size = (ulong)size;
}
