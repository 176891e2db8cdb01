namespace Bixbite.Structures.Ordered;

/// <summary>
/// How a tree reads the elements that it points to. An entry is an element's address: not 0, a multiple of 8, below 2^48. The tree
/// stores it and never owns it.
/// </summary>
public interface ITreeEntries
{
    /// <summary>
    /// Whether each entry carries a weight, as a block of a list does that holds so many elements. Else every entry weighs 1, and the
    /// tree is in the order of keys.
    /// </summary>
    static abstract bool IsWeighted { get; }

    /// <summary>
    /// The first <see cref="TreePrefix.Bits"/> bits of an element's key, in the low bits: of two elements the one with the lower prefix
    /// comes first. Ordered trees only.
    /// </summary>
    static virtual ulong PrefixOf(ulong entry) => 0;
}
