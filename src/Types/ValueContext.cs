using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Types.Saving;

namespace Bixbite.Types;

/// <summary>What all values of a keyspace share.</summary>
public sealed class ValueContext
{
    private ulong _indexSeed;

    /// <param name="heap">Where all values live.</param>
    /// <param name="seed">The seed of every hash of keys, fields and members.</param>
    public ValueContext(Heap heap, ulong seed)
    {
        Heap = heap;
        Seed = seed;
        _indexSeed = seed;
        FreeBlock = heap.Free;
        Pinned = new PinnedBlocks(heap);
        Saving = new SnapshotMemory(heap, Pinned);
    }

    public Heap Heap { get; }

    /// <summary>The types that the values may have.</summary>
    public ValueTypes Types { get; init; } = ValueTypes.BuiltIn;

    /// <summary>The heap's Free, for those who are told how to free a block.</summary>
    public Action<ulong> FreeBlock { get; }

    /// <summary>Blocks of large strings that are being sent or saved.</summary>
    public PinnedBlocks Pinned { get; }

    /// <summary>What a snapshot takes beside the values.</summary>
    public SnapshotMemory Saving { get; }

    /// <summary>The seed of every hash of keys, fields and members.</summary>
    public ulong Seed { get; }

    /// <summary>A seed for a new index, which mixes it into those hashes.</summary>
    public ulong NextIndexSeed() => _indexSeed = KeyHash.NextIndexSeed(_indexSeed);

    public ValueLimits Limits { get; } = new();

    /// <summary>For choosing members at random.</summary>
    public Random Random { get; init; } = new();
}
