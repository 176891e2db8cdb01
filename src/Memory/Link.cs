using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Bixbite.Memory;

/// <summary>
/// The one word that owns a block, wherever it lies: a slot of an index, an entry of a tree, a local variable. A view that may move the
/// block holds a reference to its link and writes the new address there, so nobody is left with the old one.
/// <code>
///   | tag: 19 bits | address / 8: 45 bits |
/// </code>
/// The tag belongs to whoever owns the word; it stays when the address changes. An address is a multiple of 8 below 2^48.
/// </summary>
public struct Link
{
    public const int SizeOf = sizeof(ulong);
    public const int TagBits = 19;

    private const int TagShift = 64 - TagBits;
    private const int AddressShift = 3;
    private const ulong AddressMask = (1UL << TagShift) - 1;

    private ulong _bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Link(ulong address, uint tag = 0)
    {
        Debug.Assert(address >> 48 == 0 && (address & 7) == 0, "An address has 48 bits and is a multiple of 8.");
        Debug.Assert(tag >> TagBits == 0, "A tag has 19 bits.");
        _bits = ((ulong)tag << TagShift) | (address >> AddressShift);
    }

    public ulong Address
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => (_bits & AddressMask) << AddressShift;
        set => this = new Link(value, Tag);
    }

    public readonly uint Tag
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (uint)(_bits >> TagShift);
    }

    /// <summary>The link at this place in native memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref Link At(ulong place) => ref Native.At<Link>(place);
}
