namespace Bixbite.Structures.Ordered;

/// <summary>The target of a search in an ordered tree: a key, or the place before or after all elements of some kind.</summary>
public interface ITreeKey
{
    /// <summary>As <see cref="ITreeEntries.PrefixOf"/> of an element with this key.</summary>
    ulong Prefix { get; }

    /// <summary>
    /// Below 0 if the key comes before the element, above 0 if behind it, 0 if it is the element's. Asked only where the prefixes are
    /// equal.
    /// </summary>
    int CompareTo(ulong entry);
}
