using Bixbite.Types.Digests;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Hashes;

/// <summary>Hashes: see <see cref="HashValue"/>.</summary>
internal sealed class HashType : CollectionType<HashRoot>
{
    public override KeyType Type => KeyType.Hash;

    public override ReadOnlySpan<byte> Name => "hash"u8;

    public override KeyEventClass EventClass => KeyEventClass.Hash;

    public override bool HasIndex => true;

    public override ReadOnlySpan<byte> EncodingName(ValueLayout layout) => layout switch
    {
        ValueLayout.Listpack => "listpack"u8,
        ValueLayout.ListpackWithDeadlines => "listpackex"u8,
        _ => "hashtable"u8,
    };

    public override bool IsEmpty(scoped ValueSlot slot) => new HashValue(slot).StoredCount == 0;

    public override bool HasDeadlines(ulong value) => FieldDeadlines.NextMsAt(value) != FieldDeadlines.None;

    public override void Digest(ContentDigest digest, scoped ValueSlot slot)
    {
        var fields = new FieldDigests(digest);
        new HashValue(slot).Visit(ref fields);
    }

    public override ValueSnapshot Snapshot(ValueContext context, ulong root, SnapshotMemory memory, IValueSink output) =>
        new IndexSnapshot<FieldKeys, IHashSink>(context, HashRoot.IndexOf(context, root), memory, (IHashSink)output);

    /// <summary>Adds the fields, each with its value and whether it expires.</summary>
    private readonly struct FieldDigests(ContentDigest digest) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs)
        {
            var one = new ContentDigest();
            one.Mix(field);
            one.Mix(value);
            if (deadlineMs != FieldDeadlines.None)
            {
                one.Combine("!!hexpire!!"u8);
            }
            digest.Combine(one);
        }
    }
}
