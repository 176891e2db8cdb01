namespace Bixbite.Types;

/// <summary>
/// How far a large collection has been moved off slabs that are to be emptied: see <see cref="CollectionType.RelocateSome"/>. It holds
/// positions and no addresses, so it is good for any value, whatever happens between two slices. The default is the beginning.
/// </summary>
public record struct RelocationCursor
{
    /// <summary>Which part of the value, as its type numbers them.</summary>
    internal int Part { get; set; }

    /// <summary>Which of several structures in the part.</summary>
    internal long Outer { get; set; }

    internal long Inner { get; set; }

    /// <summary>The hash or the rank at which to go on.</summary>
    internal ulong Position { get; set; }
}
