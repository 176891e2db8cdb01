using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Sets;

/// <summary>How the index of a large set reads its entries.</summary>
internal readonly struct MemberKeys : IEntryKeys
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => new MemberBlock(entry).Bytes;
}
