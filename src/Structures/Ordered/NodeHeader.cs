using System.Runtime.InteropServices;

namespace Bixbite.Structures.Ordered;

/// <summary>The header of a node: its first 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeOf)]
internal struct NodeHeader
{
    internal const int SizeOf = 32;

    /// <summary>The leaf before; 0 for the first leaf and for inner nodes.</summary>
    internal ulong Previous;

    /// <summary>The leaf behind; 0 for the last leaf and for inner nodes.</summary>
    internal ulong Next;

    /// <summary>0 for the top node.</summary>
    internal ulong Parent;

    internal ushort Count;
    internal ushort Capacity;

    /// <summary>Where the node stood in its parent when somebody last looked.</summary>
    internal ushort Position;

    /// <summary>0 for leaves, 1 for their parents and so on.</summary>
    internal byte Level;

    internal bool IsWeighted;
}
