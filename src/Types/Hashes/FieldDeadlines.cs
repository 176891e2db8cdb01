using Bixbite.Structures.Hashing;
using Bixbite.Structures.Packed;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Hashes;

/// <summary>The keyspace's view of hash fields that expire.</summary>
public static class FieldDeadlines
{
    /// <summary>No field expires.</summary>
    public const long None = long.MaxValue;

    /// <summary>
    /// When the next field of the hash at this address expires, in Unix milliseconds, or some time before that; or <see cref="None"/>.
    /// </summary>
    public static long NextMsAt(ulong value) => ValueSlot.LayoutAt(value) switch
    {
        ValueLayout.Listpack => None,
        ValueLayout.Root => FieldTable.NextDeadlineMsAt(ValueSlot.RootAt(value)),
        _ => PackedHash.NextDeadlineMsIn(ValueSlot.PackedAt(value)),
    };

    /// <summary>Whether fields of the hash at this address may be due, or are hidden that are not since the clock went back.</summary>
    public static bool MayChangeAt(ulong value, long nowMs) => ValueSlot.LayoutAt(value) == ValueLayout.Root
        ? FieldTable.MayChangeAt(ValueSlot.RootAt(value), nowMs)
        : NextMsAt(value) < nowMs;

    /// <summary>Whether the hash at this address may store hidden fields.</summary>
    public static bool IsHidingAt(ulong value) =>
        ValueSlot.LayoutAt(value) == ValueLayout.Root && FieldTable.IsHidingAt(ValueSlot.RootAt(value));

    /// <summary>
    /// Whether every field's time was before <paramref name="nowMs"/>, so that the hash is there for nobody. Of a large hash the fields
    /// whose time was are hidden from now on.
    /// </summary>
    public static bool AreAllBefore(in ValueSlot slot, long nowMs) => slot.Layout switch
    {
        ValueLayout.Listpack => false,
        ValueLayout.Root => new FieldTable(slot.Context, slot.Root).AreAllBefore(nowMs, slot.Context.Random),
        _ => new PackedHash(slot.Packed, slot.Layout).LatestDeadlineMs < nowMs,
    };

    /// <summary>The fields that the hash at this address stores, hidden ones included.</summary>
    public static long StoredCountAt(ulong value) => ValueSlot.LayoutAt(value) switch
    {
        ValueLayout.Listpack => Listpack.Count(ValueSlot.PackedAt(value)) / 2,
        ValueLayout.Root => IndexRoot.CountAt(ValueSlot.RootAt(value)),
        _ => Listpack.Count(ValueSlot.PackedAt(value)) / 3,
    };

    /// <summary>
    /// Hides the fields whose time was before <paramref name="nowMs"/> and that are still stored. A small hash that has such fields becomes
    /// a large one.
    /// </summary>
    public static void Hide(in ValueSlot slot, long nowMs)
    {
        if (slot.Layout == ValueLayout.ListpackWithDeadlines && NextMsAt(slot.Address) < nowMs)
        {
            HashConversion.ToTable(slot);
        }
        if (slot.Layout == ValueLayout.Root)
        {
            new FieldTable(slot.Context, slot.Root).Hide(nowMs);
        }
    }

    /// <summary>Removes this field if it is hidden; true if so. It is told.</summary>
    public static bool RemoveHidden<TDue>(in ValueSlot slot, ReadOnlySpan<byte> field, TDue due)
        where TDue : struct, IDueFields =>
        slot.Layout == ValueLayout.Root && TableOf(slot).RemoveHidden(field, due);

    /// <summary>
    /// Removes fields whose time was before <paramref name="nowMs"/>, of a large hash about so many, and returns how many; each is told.
    /// </summary>
    public static int RemoveDue<TDue>(in ValueSlot slot, long nowMs, int countMax, TDue due, out bool isMore)
        where TDue : struct, IDueFields
    {
        isMore = false;
        return slot.Layout switch
        {
            ValueLayout.Listpack => 0,
            ValueLayout.Root => TableOf(slot).RemoveDue(nowMs, countMax, due, out isMore),
            _ => new PackedHash(slot.Packed, slot.Layout).RemoveDue(nowMs, int.MaxValue, due),
        };
    }

    private static FieldTable TableOf(in ValueSlot slot) =>
        new(slot.Context, slot.Root, slot.Saving as IndexSnapshot<FieldKeys, IHashSink>);
}
