using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Saving;

/// <summary>How an index's entry is handed over to a snapshot.</summary>
/// <typeparam name="TSink">The kind of sink that takes the type's elements.</typeparam>
internal interface ISavedEntry<TSink> : IEntryKeys
    where TSink : class, IValueSink
{
    /// <summary>The whole entry.</summary>
    static abstract void HandOver(ulong entry, TSink output);

    /// <summary>Describes an entry that goes out in pieces later, and may have been replaced by then.</summary>
    static abstract LongElement Describe(ulong entry);

    /// <summary>Writes the part before the pieces of such an entry.</summary>
    static abstract void Begin(in LongElement element, TSink output);
}

/// <summary>An element that goes out in pieces.</summary>
/// <param name="Block">Its block, which is pinned until all pieces are out.</param>
/// <param name="Text">Where the bytes lie that go out in pieces.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Trait">The bits of a member's score, or when a field expires.</param>
internal readonly record struct LongElement(ulong Block, ulong Text, int Length, long Trait);
