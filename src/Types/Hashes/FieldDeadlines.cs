using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Hashes;

/// <summary>What the keyspace must know of hash fields that expire.</summary>
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
        ValueLayout.Root => NextMsIn(ValueSlot.RootAt(value)),
        _ => PackedHash.NextDeadlineMsIn(ValueSlot.PackedAt(value)),
    };

    /// <summary>Removes up to so many fields whose time was before <paramref name="nowMs"/>, and returns how many; each is told.</summary>
    public static int RemoveDue<TDue>(in ValueSlot slot, long nowMs, int countMax, TDue due)
        where TDue : struct, IDueFields => slot.Layout switch
    {
        ValueLayout.Listpack => 0,
        ValueLayout.Root =>
            new FieldTable(slot.Context, slot.Root, slot.Saving as IndexSnapshot<FieldKeys>).RemoveDue(nowMs, countMax, due),
        _ => new PackedHash(slot.Packed, slot.Layout).RemoveDue(nowMs, countMax, due),
    };

    private static long NextMsIn(ulong root) =>
        IndexRoot.VolatileCountAt(root) == 0 ? None : Native.At<HashRoot>(root).NextDeadlineMs;
}
