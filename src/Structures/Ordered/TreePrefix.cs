using System.Diagnostics;
using Bixbite.Memory;

namespace Bixbite.Structures.Ordered;

/// <summary>
/// The part of a key that a tree keeps beside the element's address.
/// <code>
///   prefix   | word: 32 bits | tag: 19 bits |
/// </code>
/// </summary>
public static class TreePrefix
{
    public const int Bits = 32 + Link.TagBits;

    internal static uint WordOf(ulong prefix)
    {
        Debug.Assert(prefix >> Bits == 0, "A prefix has 51 bits.");
        return (uint)(prefix >> Link.TagBits);
    }

    internal static ulong Of(uint word, uint tag) => ((ulong)word << Link.TagBits) | tag;

    internal static uint TagOf(ulong prefix) => (uint)prefix & ((1u << Link.TagBits) - 1);
}
