using Bixbite.Memory;

namespace Bixbite.Types;

/// <summary>What all values of a keyspace share.</summary>
public sealed class ValueContext(Heap heap, ulong seed)
{
    public Heap Heap { get; } = heap;

    /// <summary>Blocks of large strings that are being sent or saved.</summary>
    public PinnedBlocks Pinned { get; } = new(heap);

    /// <summary>The seed of every hash of keys, fields and members.</summary>
    public ulong Seed { get; } = seed;

    public ValueLimits Limits { get; } = new();

    /// <summary>For choosing members at random.</summary>
    public Random Random { get; init; } = new();
}
