namespace Bixbite.Types.Lists;

/// <summary>
/// How much a listpack of a list may hold: the setting list-max-listpack-size, which is a count of elements, or from -1 to -5 a size
/// of 4 to 64 KiB. Counted nodes have a size limit too.
/// </summary>
internal readonly struct NodeLimit(int fill)
{
    private const int CountedSizeMax = 8192;

    /// <summary>Bytes of an element beyond its text, estimated as Redis does.</summary>
    private const int EntryOverhead = 8;

    public int SizeMax { get; } = fill >= 0 ? CountedSizeMax : 4096 << (Math.Min(-fill, 5) - 1);

    public int CountMax { get; } = fill >= 0 ? Math.Max(fill, 1) : int.MaxValue;

    /// <summary>
    /// Whether what is in one node would take half of what a node may hold; of a counted one half as many elements, and no more bytes.
    /// </summary>
    public bool IsHalfEnoughFor(long size, long count) =>
        count <= CountMax / 2 && size <= (CountMax == int.MaxValue ? SizeMax / 2 : SizeMax);

    public bool IsExceededBy(long size, long count) => size > SizeMax || count > CountMax;

    /// <summary>Whether a node takes one more element. An empty one takes any.</summary>
    public bool Allows(int size, int count, int textLength) =>
        count == 0 || !IsExceededBy((long)size + textLength + EntryOverhead, count + 1L);
}
