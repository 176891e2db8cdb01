using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Types.Sets;

/// <summary>
/// A member of a large set: one block of the heap, owned by the slot of the set's index that holds its address.
/// <code>
///   | length: 1 | member |                         up to 254 bytes
///   | 255: 1 | length: 4 | member |                longer ones
/// </code>
/// Twelve bytes of member thus take a block of 16. A member never changes, so its block never moves.
/// </summary>
internal readonly struct MemberBlock(ulong address)
{
    private const int ShortLengthMax = byte.MaxValue - 1;
    private const int ShortHeadSize = sizeof(byte);
    private const int LongHeadSize = sizeof(byte) + sizeof(int);

    internal int Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            byte length = Native.At<byte>(address);
            return length <= ShortLengthMax ? length : Native.At<int>(address + sizeof(byte));
        }
    }

    /// <summary>The member's bytes, valid as long as it is in the set.</summary>
    internal ReadOnlySpan<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Native.Bytes(BytesAddress, Length);
    }

    internal ulong BytesAddress
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => address + (Native.At<byte>(address) <= ShortLengthMax ? (uint)ShortHeadSize : LongHeadSize);
    }

    /// <summary>A new block, for the caller to own.</summary>
    internal static ulong Create(Heap heap, ReadOnlySpan<byte> member)
    {
        if (member.Length <= ShortLengthMax)
        {
            ulong block = heap.Allocate(ShortHeadSize + member.Length);
            Native.At<byte>(block) = (byte)member.Length;
            member.CopyTo(Native.Bytes(block + ShortHeadSize, member.Length));
            return block;
        }
        ulong large = heap.Allocate(LongHeadSize + (long)member.Length);
        Native.At<byte>(large) = byte.MaxValue;
        Native.At<int>(large + sizeof(byte)) = member.Length;
        FreshPages.Copy(member, Native.Bytes(large + LongHeadSize, member.Length));
        return large;
    }
}
