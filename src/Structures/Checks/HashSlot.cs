namespace Bixbite.Structures.Checks;

/// <summary>
/// The cluster slot of a key. Of a key with a hash tag only the tag counts, so that keys with one tag share a slot: the tag is what
/// stands between the first { and the first } after it, unless that is nothing.
/// </summary>
public static class HashSlot
{
    public const int Count = 16384;

    public static int Of(ReadOnlySpan<byte> key) => Crc16.Compute(TagOf(key)) & (Count - 1);

    /// <summary>The slot of all keys that match a glob, if its beginning decides it; -1 otherwise.</summary>
    public static int OfPattern(ReadOnlySpan<byte> pattern)
    {
        int wild = pattern.IndexOfAny("*?[\\"u8);
        ReadOnlySpan<byte> beginning = wild < 0 ? pattern : pattern[..wild];
        return wild < 0 || TagOf(beginning).Length != beginning.Length ? Of(beginning) : -1;
    }

    /// <summary>The part of the key that decides its slot.</summary>
    public static ReadOnlySpan<byte> TagOf(ReadOnlySpan<byte> key)
    {
        int open = key.IndexOf((byte)'{');
        if (open < 0)
        {
            return key;
        }
        ReadOnlySpan<byte> rest = key[(open + 1)..];
        int close = rest.IndexOf((byte)'}');
        return close > 0 ? rest[..close] : key;
    }
}
