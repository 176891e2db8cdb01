using Bixbite.Types.Digests;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Sets;

/// <summary>Sets: see <see cref="SetValue"/>.</summary>
internal sealed class SetType : CollectionType<SetRoot>
{
    public override KeyType Type => KeyType.Set;

    public override ReadOnlySpan<byte> Name => "set"u8;

    public override KeyEventClass EventClass => KeyEventClass.Set;

    public override bool HasIndex => true;

    public override ReadOnlySpan<byte> EncodingName(ValueLayout layout) => layout switch
    {
        ValueLayout.Intset => "intset"u8,
        ValueLayout.Listpack => "listpack"u8,
        _ => "hashtable"u8,
    };

    public override bool IsEmpty(scoped ValueSlot slot) => new SetValue(slot).IsEmpty;

    public override void Digest(ContentDigest digest, scoped ValueSlot slot)
    {
        SetReader members = new SetValue(slot).Read();
        while (members.MoveNext())
        {
            digest.Combine(members.Member);
        }
    }

    public override ValueSnapshot Snapshot(ValueContext context, ulong root, SnapshotMemory memory, IValueSink output) =>
        new IndexSnapshot<MemberKeys, ISetSink>(context, SetRoot.IndexOf(context, root), memory, (ISetSink)output);
}
