using Bixbite.Structures.Hashing;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Hashes;

/// <summary>How the index of a large hash reads its entries.</summary>
internal readonly struct FieldKeys : ISavedEntry<IHashSink>
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => new FieldEntry(entry).Field;

    public static long DeadlineMsOf(ulong entry)
    {
        var field = new FieldEntry(entry);
        return field.HasDeadline ? field.DeadlineMs : EntryDeadline.None;
    }

    public static void HandOver(ulong entry, IHashSink output)
    {
        var field = new FieldEntry(entry);
        output.Field(field.Field, field.Value, field.DeadlineMs);
    }

    public static LongElement Describe(ulong entry)
    {
        var field = new FieldEntry(entry);
        return new LongElement(entry, field.ValueAddress, field.Value.Length, field.DeadlineMs);
    }

    public static void Begin(in LongElement element, IHashSink output) =>
        output.BeginField(new FieldEntry(element.Block).Field, element.Length, element.Trait);
}
