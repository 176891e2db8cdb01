using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Structures.Ordered;
using Bixbite.Types.Saving;

namespace Bixbite.Types.SortedSets;

/// <summary>
/// An element of a large sorted set: one block, owned by the set's root. The index finds it by its member, the tree by its place in the
/// order; both hold its address, and who moves it tells both.
/// <code>
///   0                 8                           9 .. 13
///   +-----------------+---------------------------+----------
///   | score: double   | member length, 7 bits a   | member
///   |                 | byte, lowest first        |
///   +-----------------+---------------------------+----------
/// </code>
/// </summary>
internal readonly struct SortedSetElement : ISavedEntry<ISortedSetSink>, ITreeEntries
{
    private const int ScoreSize = sizeof(double);
    private const int LengthBits = 7;
    private const byte LengthGoesOn = 1 << LengthBits;

    public static bool IsWeighted => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ref double ScoreAt(ulong element) => ref Native.At<double>(element);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ReadOnlySpan<byte> MemberAt(ulong element)
    {
        byte first = Native.At<byte>(element + ScoreSize);
        return first < LengthGoesOn ? Native.Bytes(element + ScoreSize + 1, first) : LongMemberAt(element);
    }

    public static ReadOnlySpan<byte> KeyOf(ulong entry) => MemberAt(entry);

    public static void HandOver(ulong entry, ISortedSetSink output) => output.Scored(MemberAt(entry), ScoreAt(entry));

    public static LongElement Describe(ulong entry) =>
        new(entry, MemberAddress(entry, out int length), length, BitConverter.DoubleToInt64Bits(ScoreAt(entry)));

    public static void Begin(in LongElement element, ISortedSetSink output) =>
        output.BeginScored(element.Length, BitConverter.Int64BitsToDouble(element.Trait));

    public static ulong PrefixOf(ulong entry) => Scores.PrefixOf(ScoreAt(entry));

    internal static ulong Allocate(Heap heap, ReadOnlySpan<byte> member, double score)
    {
        int lengthSize = 1;
        for (uint rest = (uint)member.Length >> LengthBits; rest != 0; rest >>= LengthBits)
        {
            lengthSize++;
        }
        ulong element = heap.Allocate(ScoreSize + lengthSize + (long)member.Length);
        Debug.Assert(element != 0, "A block has an address.");
        ScoreAt(element) = score;
        uint length = (uint)member.Length;
        for (int i = 0; i < lengthSize; i++)
        {
            Native.At<byte>(element + ScoreSize + (uint)i) = (byte)(length | (i < lengthSize - 1 ? LengthGoesOn : 0u));
            length >>= LengthBits;
        }
        Debug.Assert(length == 0, "All bits of the length are written.");
        FreshPages.Copy(member, Native.Bytes(element + ScoreSize + (uint)lengthSize, member.Length));
        return element;
    }

    private static ReadOnlySpan<byte> LongMemberAt(ulong element)
    {
        ulong at = MemberAddress(element, out int length);
        return Native.Bytes(at, length);
    }

    private static ulong MemberAddress(ulong element, out int length)
    {
        ulong at = element + ScoreSize;
        length = 0;
        byte part;
        int shift = 0;
        do
        {
            part = Native.At<byte>(at++);
            length |= (part & (LengthGoesOn - 1)) << shift;
            shift += LengthBits;
        }
        while (part >= LengthGoesOn);
        return at;
    }
}
