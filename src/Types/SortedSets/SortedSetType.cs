using System.Diagnostics;
using System.Globalization;
using Bixbite.Types.Digests;
using Bixbite.Types.Saving;

namespace Bixbite.Types.SortedSets;

/// <summary>Sorted sets: see <see cref="SortedSetValue"/>.</summary>
internal sealed class SortedSetType : CollectionType<SortedSetRoot>
{
    private const int ScoreSizeMax = 32;

    public override KeyType Type => KeyType.SortedSet;

    public override ReadOnlySpan<byte> Name => "zset"u8;

    public override KeyEventClass EventClass => KeyEventClass.SortedSet;

    public override bool HasIndex => true;

    public override ReadOnlySpan<byte> EncodingName(ValueLayout layout) =>
        layout == ValueLayout.Listpack ? "listpack"u8 : "skiplist"u8;

    public override bool IsEmpty(scoped ValueSlot slot) => new SortedSetValue(slot).IsEmpty;

    public override void Digest(ContentDigest digest, scoped ValueSlot slot)
    {
        Span<byte> score = stackalloc byte[ScoreSizeMax];
        var set = new SortedSetValue(slot);
        SortedSetReader elements = set.Read(set.All);
        while (elements.MoveNext())
        {
            var one = new ContentDigest();
            one.Mix(elements.Member);
            one.Mix(score[..FormatScore(elements.Score, score)]);
            digest.Combine(one);
        }
    }

    public override ValueSnapshot Snapshot(ValueContext context, ulong root, SnapshotMemory memory, IValueSink output) =>
        new IndexSnapshot<SortedSetElement, ISortedSetSink>(
            context, new SortedSetRoot(context, root).Index, memory, (ISortedSetSink)output);

    /// <summary>As C's <c>%.17g</c> prints it, which is what Redis 7.0 digests.</summary>
    private static int FormatScore(double score, Span<byte> target)
    {
        if (double.IsInfinity(score))
        {
            ReadOnlySpan<byte> text = score > 0 ? "inf"u8 : "-inf"u8;
            text.CopyTo(target);
            return text.Length;
        }
        bool fits = score.TryFormat(target, out int length, "g17", CultureInfo.InvariantCulture);
        Debug.Assert(fits, "The buffer takes any score.");
        return length;
    }
}
