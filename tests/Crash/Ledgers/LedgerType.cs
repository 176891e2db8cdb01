using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.Digests;
using Bixbite.Types.Saving;

namespace Bixbite.Crash.Ledgers;

/// <summary>A value type that only tests have: see <see cref="LedgerValue"/>.</summary>
internal sealed class LedgerType : CollectionType
{
    public const KeyType Number = (KeyType)200;

    public override KeyType Type => Number;

    public override ReadOnlySpan<byte> Name => "ledger"u8;

    public override KeyEventClass EventClass => KeyEventClass.Module;

    public override ReadOnlySpan<byte> EncodingName(ValueLayout layout) => layout == ValueLayout.Root ? "chain"u8 : "listpack"u8;

    public override bool IsEmpty(scoped ValueSlot slot) => new LedgerValue(slot).Count == 0;

    public override void Digest(ContentDigest digest, scoped ValueSlot slot) => new LedgerValue(slot).Visit(bytes => digest.Mix(bytes));

    public override long CountOf(ValueContext context, ulong root) => LedgerRoot.CountOf(root);

    public override long SizeOf(ValueContext context, ulong root) => LedgerRoot.MeasureIn(context, root);

    public override ulong Duplicate(ValueContext context, ulong root) => LedgerRoot.Duplicate(context, root);

    public override bool ReleaseSome(ValueContext context, ulong root, int countMax) => LedgerRoot.ReleaseSome(context, root, countMax);

    public override bool RelocateSome(ValueContext context, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation) =>
        LedgerRoot.RelocateSome(ref root, ref cursor, evacuation);

    public override ValueSnapshot Snapshot(ValueContext context, ulong root, SnapshotMemory memory, IValueSink output) =>
        new LedgerSnapshot(root, (ILedgerSink)output);
}
