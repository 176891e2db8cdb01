using Bixbite.Structures.Text;
using Bixbite.Types.Digests;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Lists;

/// <summary>Lists: see <see cref="ListValue"/>.</summary>
internal sealed class ListType : CollectionType<ListRoot>
{
    public override KeyType Type => KeyType.List;

    public override ReadOnlySpan<byte> Name => "list"u8;

    public override KeyEventClass EventClass => KeyEventClass.List;

    public override ReadOnlySpan<byte> EncodingName(ValueLayout layout) =>
        layout == ValueLayout.Listpack ? "listpack"u8 : "quicklist"u8;

    public override long EstimateOf(ValueContext context, ulong root) => ListRoot.EstimateOf(context, root);

    public override bool IsEmpty(scoped ValueSlot slot) => new ListValue(slot).IsEmpty;

    public override void Digest(ContentDigest digest, scoped ValueSlot slot)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        var list = new ListValue(slot);
        ListReader elements = list.Read(0, list.Count);
        while (elements.MoveNext())
        {
            digest.Mix(elements.Current.Text(digits));
        }
    }

    public override ValueSnapshot Snapshot(ValueContext context, ulong root, SnapshotMemory memory, IValueSink output) =>
        new ListSnapshot(context, root, memory, (IListSink)output);
}
