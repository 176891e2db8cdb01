using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>
/// Moves records and what they own off slabs that are to be emptied. A value that a snapshot hands over in pieces stays, as do pinned
/// blocks; a collection of many elements is noted, to be moved in parts.
/// </summary>
internal readonly struct RecordMover(ValueContext values, PendingValues pending, Evacuation evacuation, LargeValues large) : IEntryMover
{
    public ulong Move(ulong entry)
    {
        long before = evacuation.MovedCount;
        var record = new Record(evacuation.Move(entry));
        ulong owned = record.Owned;
        bool isMovedInParts = owned != 0 && pending.Of(record) is null && !MoveOwned(record, owned);
        if (!isMovedInParts)
        {
            large.Count(hasMoved: evacuation.MovedCount != before);
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

    /// <summary>False for a collection that is noted instead, to be moved in parts.</summary>
    private bool MoveOwned(Record record, ulong owned)
    {
        if (record.Type == KeyType.String)
        {
            ulong moved = evacuation.Move(owned);
            if (moved != owned)
            {
                record.BlockField = record.BlockField with { Address = moved };
            }
            return true;
        }
        if (values.Types.Collection(record.Type).CountOf(values, owned) > large.CountMin)
        {
            large.Add(record.Key);
            return false;
        }
        var cursor = default(RelocationCursor);
        while (MoveSome(record, ref cursor))
        {
        }
        return true;
    }
}
