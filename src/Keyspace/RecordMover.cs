using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>
/// Moves records and what they own off slabs that are to be emptied. A value that a snapshot hands over in pieces stays, as do pinned
/// blocks; a collection that is too large for the work that is left is noted, to be moved in parts.
/// </summary>
internal readonly struct RecordMover(ValueContext values, PendingValues pending, Evacuation evacuation, LargeValues large) : IEntryMover
{
    public ulong Move(ulong entry)
    {
        long before = evacuation.MovedCount;
        var record = new Record(evacuation.Move(entry));
        ulong owned = record.Owned;
        if (owned == 0 || pending.Of(record) is not null)
        {
            large.Count(hasMoved: evacuation.MovedCount != before);
        }
        else if (record.Type == KeyType.String)
        {
            MoveText(record, owned);
            large.Count(hasMoved: evacuation.MovedCount != before);
        }
        else
        {
            MoveElements(record, owned, before);
        }
        return record.Address;
    }

    /// <summary>Moves a part of a large collection; false at the end.</summary>
    internal bool MoveSome(Record record, ref RelocationCursor cursor)
    {
        if (record.Type == KeyType.String || record.Layout != ValueLayout.Root || pending.Of(record) is not null)
        {
            return false;
        }
        ulong root = ValueSlot.RootAt(record.ValueAddress);
        bool isLeft = values.Types.Collection(record.Type).RelocateSome(values, ref root, ref cursor, evacuation);
        ValueSlot.SetRootAt(record.ValueAddress, root);
        return isLeft;
    }

    private void MoveText(Record record, ulong owned)
    {
        ulong moved = evacuation.Move(owned);
        if (moved != owned)
        {
            record.BlockField = record.BlockField with { Address = moved };
        }
    }

    /// <summary>Moves a collection if it is small and there is work left for it; what remains is noted, to be moved in parts.</summary>
    private void MoveElements(Record record, ulong owned, long movedBefore)
    {
        var cursor = default(RelocationCursor);
        bool isLeft = true;
        bool isSmall = values.Types.Collection(record.Type).CountOf(values, owned) <= large.CountMin;
        while (isLeft && isSmall && !evacuation.IsEnough)
        {
            isLeft = MoveSome(record, ref cursor);
        }
        bool hasMoved = evacuation.MovedCount != movedBefore;
        if (isLeft && record.Key.Length <= LargeValues.KeySizeMax)
        {
            large.Add(new LargeValue(record.Key.ToArray()) { Cursor = cursor, HasMoved = hasMoved });
        }
        else
        {
            large.Count(hasMoved);
        }
    }
}
