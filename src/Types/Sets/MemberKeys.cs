using Bixbite.Types.Saving;

namespace Bixbite.Types.Sets;

/// <summary>How the index of a large set reads its entries.</summary>
internal readonly struct MemberKeys : ISavedEntry<ISetSink>
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => new MemberBlock(entry).Bytes;

    public static void HandOver(ulong entry, ISetSink output) => output.Member(new MemberBlock(entry).Bytes);

    public static LongElement Describe(ulong entry)
    {
        var member = new MemberBlock(entry);
        return new LongElement(entry, member.BytesAddress, member.Length, Trait: 0);
    }

    public static void Begin(in LongElement element, ISetSink output) => output.BeginMember(element.Length);
}
