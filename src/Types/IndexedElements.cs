using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types;

/// <summary>Shared by the root blocks of large hashes and sets: an index whose entries are blocks of their own.</summary>
internal static class IndexedElements
{
    /// <summary>Elements whose blocks are measured to estimate all of them.</summary>
    private const int SampleCount = 64;

    /// <summary>The heap bytes of the root block, the index and, estimated from a sample, the elements.</summary>
    public static long SizeOf<TKeys>(ValueContext context, ulong root, in HashIndex<TKeys> index)
        where TKeys : struct, IEntryKeys
    {
        Span<ulong> blocks = stackalloc ulong[SampleCount];
        blocks = blocks[..index.Sample(context.Random, blocks)];
        long sampledSize = 0;
        foreach (ulong block in blocks)
        {
            sampledSize += context.Heap.SizeOf(block);
        }
        long elementsSize = blocks.IsEmpty ? 0 : (long)((double)sampledSize / blocks.Length * index.Count);
        return context.Heap.SizeOf(root) + index.MemoryBytes + elementsSize;
    }

    /// <summary>Moves index and elements off slabs that are to be emptied; false at the end.</summary>
    public static bool RelocateSome<TKeys>(in HashIndex<TKeys> index, ref RelocationCursor cursor, Evacuation evacuation)
        where TKeys : struct, IEntryKeys
    {
        var mover = new BlockMover(evacuation);
        cursor.Position = index.Relocate(cursor.Position, evacuation, ref mover);
        return cursor.Position != 0;
    }

    /// <summary>Frees about so many elements; false when nothing is left, the root block included.</summary>
    public static bool ReleaseSome<TKeys>(ValueContext context, ulong root, in HashIndex<TKeys> index, int countMax)
        where TKeys : struct, IEntryKeys
    {
        if (index.ReleaseSome(countMax, context.FreeBlock))
        {
            return true;
        }
        context.Heap.Free(root);
        return false;
    }
}
