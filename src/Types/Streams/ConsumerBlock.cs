using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>
/// A consumer of a group.
/// <code>
///   | name begins: 4 | name's length: 4 | seen: 8 | active: 8 | tree of pending entries: 56 | name |
/// </code>
/// The entries in the tree are the group's.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = PendingOffset)]
internal struct ConsumerBlock
{
    internal const int PendingOffset = 24;
    internal const int NameOffset = PendingOffset + TreeRoot.SizeOf;

    internal int NameBegin;
    internal int NameLength;
    internal long SeenMs;
    internal long ActiveMs;

    internal static ulong Create(Heap heap, ReadOnlySpan<byte> name)
    {
        ulong block = NamedBlock.Create(heap, NameOffset, name);
        CountedTree<IdBlocks>.Initialize(heap, block + PendingOffset);
        return block;
    }

    /// <summary>Frees a consumer whose entries are nobody's from now on.</summary>
    internal static void Free(Heap heap, ulong block)
    {
        int left = int.MaxValue;
        while (ReleaseSome(heap, block, ref left))
        {
            left = int.MaxValue;
        }
    }

    /// <summary>Frees the consumer in slices, but not its entries, as <see cref="GroupBlock"/> does; false when nothing is left.</summary>
    internal static bool ReleaseSome(Heap heap, ulong block, ref int left)
    {
        var nothing = default(Nothing);
        if (left <= 0 || new PendingTree(heap, block + PendingOffset).ReleaseSome(ref left, ref nothing))
        {
            return true;
        }
        heap.Free(block);
        left--;
        return false;
    }

    private readonly struct Nothing : IEntryVisitor
    {
        public void Visit(ulong entry)
        {
        }
    }
}
