using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types;

/// <summary>What all values of a keyspace share.</summary>
public sealed class ValueContext(Heap heap, ulong seed)
{
    private ulong _indexSeed = seed;

    public Heap Heap { get; } = heap;

    /// <summary>Blocks of large strings that are being sent or saved.</summary>
    public PinnedBlocks Pinned { get; } = new(heap);

    /// <summary>The seed of every hash of keys, fields and members.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>A seed for a new index, which mixes it into those hashes.</summary>
    public ulong NextIndexSeed() => _indexSeed = KeyHash.NextIndexSeed(_indexSeed);

    public ValueLimits Limits { get; } = new();

    /// <summary>For choosing members at random.</summary>
    public Random Random { get; init; } = new();
}
