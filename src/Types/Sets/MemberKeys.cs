using Bixbite.Types.Saving;

namespace Bixbite.Types.Sets;

/// <summary>How the index of a large set reads its entries.</summary>
internal readonly struct MemberKeys : ISavedEntry
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => new MemberBlock(entry).Bytes;

    public static void HandOver(ulong entry, IValueSink output) => output.Member(new MemberBlock(entry).Bytes);

    public static LongElement Describe(ulong entry)
    {
        var member = new MemberBlock(entry);
        return new LongElement(entry, member.BytesAddress, member.Length, Trait: 0);
    }

    public static void Begin(in LongElement element, IValueSink output) => output.BeginMember(element.Length);
}
