using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Types.Saving;

namespace Bixbite.Types;

/// <summary>Shared by all values of a keyspace.</summary>
public sealed class ValueContext
{
    /// <summary>The number of parts, such as elements, above which a value is freed in slices; that of Redis.</summary>
    public const long FreedAtOnceMax = 64;

    private ulong _indexSeed;

    /// <param name="heap">Where all values live.</param>
    /// <param name="seed">The seed of every hash of keys, fields and members.</param>
    public ValueContext(Heap heap, ulong seed)
    {
        Heap = heap;
        Seed = KeyHash.Seed(seed, hasSlots: false);
        _indexSeed = Seed;
        FreeBlock = heap.Free;
        Pinned = new PinnedBlocks(heap);
        Saving = new SnapshotMemories(heap, Pinned);
    }

    public Heap Heap { get; }

    /// <summary>The types that the values may have.</summary>
    public ValueTypes Types { get; init; } = ValueTypes.BuiltIn;

    /// <summary>The heap's Free, for those who are told how to free a block.</summary>
    public Action<ulong> FreeBlock { get; }

    /// <summary>Blocks of large strings that are being sent or saved.</summary>
    public PinnedBlocks Pinned { get; }

    /// <summary>Memory that snapshots take beside the values.</summary>
    public SnapshotMemories Saving { get; }

    /// <summary>The seed of every hash of keys, fields and members.</summary>
    public ulong Seed { get; }

    /// <summary>A seed for a new index, which mixes it into those hashes.</summary>
    public ulong NextIndexSeed() => _indexSeed = KeyHash.NextIndexSeed(_indexSeed);

    public ValueLimits Limits { get; } = new();

    /// <summary>
    /// Takes what a value has given up, if it is many parts, and frees it in slices, when the commands allow it. Without one it is all
    /// freed at once.
    /// </summary>
    public Action<PartRelease>? Leftovers { get; set; }

    /// <summary>Whether a part of a value that nobody can reach any more, with this many parts, goes to <see cref="Leftovers"/>.</summary>
    internal bool IsFreedInSlices(long count) => count > FreedAtOnceMax && Leftovers is not null;

    /// <summary>For choosing members at random.</summary>
    public Random Random { get; init; } = new();
}
