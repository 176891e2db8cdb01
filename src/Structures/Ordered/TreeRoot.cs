using System.Runtime.InteropServices;

namespace Bixbite.Structures.Ordered;

/// <summary>All that a tree is, but for its nodes: it lies in native memory, in a block of the tree's owner.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeOf)]
public struct TreeRoot
{
    public const int SizeOf = 56;

    /// <summary>The node that has no parent; 0 in an empty tree.</summary>
    internal ulong Top;

    internal ulong FirstLeaf;
    internal ulong LastLeaf;

    /// <summary>The sum of all weights.</summary>
    internal long Count;

    internal long EntryCount;

    /// <summary>The heap bytes of all nodes.</summary>
    internal long MemoryBytes;

    internal bool IsWeighted;
}
