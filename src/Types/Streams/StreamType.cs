using Bixbite.Structures.Packed;
using Bixbite.Types.Digests;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Streams;

/// <summary>Streams: see <see cref="StreamValue"/>.</summary>
internal sealed class StreamType : CollectionType<StreamRoot>
{
    public override KeyType Type => KeyType.Stream;

    public override ReadOnlySpan<byte> Name => "stream"u8;

    public override KeyEventClass EventClass => KeyEventClass.Stream;

    /// <summary>Redis counts modules' values before streams.</summary>
    public override int DigestNumber => 6;

    public override bool MayBeEmpty => true;

    public override ReadOnlySpan<byte> EncodingName(ValueLayout layout) => "stream"u8;

    /// <summary>The entries alone: groups may be many.</summary>
    public override long EstimateOf(ValueContext context, ulong root) => StreamRoot.EstimateOf(context, root);

    public override bool IsEmpty(scoped ValueSlot slot) => new StreamValue(slot).Count == 0;

    /// <summary>The entries alone: groups do not count.</summary>
    public override void Digest(ContentDigest digest, scoped ValueSlot slot)
    {
        Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
        StreamEntryReader entries = new StreamValue(slot).Read();
        while (entries.MoveNext())
        {
            int length = entries.Id.Format(text);
            text[..length].Replace((byte)'-', (byte)'.');
            digest.Mix(text[..length]);
            while (entries.NextField(out ListpackEntry field, out ListpackEntry value))
            {
                digest.Mix(field.Text(text));
                digest.Mix(value.Text(text));
            }
        }
    }

    public override ValueSnapshot Snapshot(ValueContext context, ulong root, SnapshotMemory memory, IValueSink output) =>
        new StreamSnapshot(context, root, memory, (IStreamSink)output);
}
