using Bixbite.Memory;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>Blocks that begin with an ID, in the order of their IDs: nodes and pending entries.</summary>
internal readonly struct IdBlocks : ITreeEntries
{
    private const ulong PrefixMax = (1UL << TreePrefix.Bits) - 1;

    public static bool IsWeighted => false;

    public static ulong PrefixOf(ulong entry) => PrefixOf(IdOf(entry));

    /// <summary>The time, of which 51 bits are enough until the year 73,000; later ones are all equal.</summary>
    internal static ulong PrefixOf(StreamId id) => Math.Min(id.Ms, PrefixMax);

    internal static StreamId IdOf(ulong block) => Native.At<StreamId>(block);
}

/// <summary>The place of an ID in the order.</summary>
internal readonly struct IdKey(StreamId id) : ITreeKey
{
    public ulong Prefix => IdBlocks.PrefixOf(id);

    public int CompareTo(ulong entry) => id.CompareTo(IdBlocks.IdOf(entry));
}
