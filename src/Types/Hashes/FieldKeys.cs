using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Hashes;

/// <summary>How the index of a large hash reads its entries.</summary>
internal readonly struct FieldKeys : IEntryKeys
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => new FieldEntry(entry).Field;

    public static long DeadlineMsOf(ulong entry)
    {
        var field = new FieldEntry(entry);
        return field.HasDeadline ? field.DeadlineMs : EntryDeadline.None;
    }
}
