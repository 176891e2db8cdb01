using Bixbite.Structures.Packed;

namespace Bixbite.Types.Streams;

/// <summary>
/// Decides about bytes that may be any whether they are a node, so that everything may be done with it: a listpack, the master, entries
/// with all their parts to the end, counts that are right, and of entries that are not deleted ascending IDs from the master's on.
/// </summary>
internal ref struct NodeCheck(StreamId masterId, ReadOnlySpan<byte> pack)
{
    /// <summary>A number from 0 to 127 in one byte and its size: flags are changed in place.</summary>
    private const int SmallNumberSize = 2;

    private readonly ReadOnlySpan<byte> _pack = pack;
    private int _offset;
    private long _masterFieldCount;
    private StreamId _lastLiveId;
    private long _deletedCount;

    internal long LiveCount { get; private set; }

    internal StreamId FirstLiveId { get; private set; }

    internal bool IsSound()
    {
        if (!Listpack.IsValid(_pack, out int count) || count == 0)
        {
            return false;
        }
        _offset = Listpack.First(_pack);
        bool isMaster = TryTakeNumber(out long liveCount)
            && TryTakeNumber(out long deletedCount)
            && TryTakeNumber(out _masterFieldCount) && _masterFieldCount is >= 0 and <= int.MaxValue
            && TrySkip(_masterFieldCount)
            && TryTakeNumber(out long end) && end == 0
            && AreEntriesSound()
            && liveCount == LiveCount && deletedCount == _deletedCount;
        return isMaster;
    }

    private bool AreEntriesSound()
    {
        bool isSound = true;
        while (isSound && _offset != 0)
        {
            isSound = Listpack.EntrySizeAt(_pack, _offset) == SmallNumberSize && TryTakeEntry();
        }
        return isSound;
    }

    private bool TryTakeEntry()
    {
        long fieldCount = _masterFieldCount;
        long length = StreamNode.HeadLength + fieldCount;
        if (!TryTakeNumber(out long flags) || flags is < 0 or > (StreamNode.Deleted | StreamNode.SameFields)
            || !TryTakeNumber(out long ms) || !TryTakeNumber(out long sequence))
        {
            return false;
        }
        if ((flags & StreamNode.SameFields) == 0)
        {
            if (!TryTakeNumber(out fieldCount) || fieldCount is < 0 or > int.MaxValue / 2)
            {
                return false;
            }
            fieldCount *= 2;
            length = StreamNode.HeadLength + 1 + fieldCount;
        }
        if (!TrySkip(fieldCount) || !TryTakeNumber(out long told) || told != length)
        {
            return false;
        }
        if ((flags & StreamNode.Deleted) != 0)
        {
            _deletedCount++;
            return true;
        }
        return TryNoteLive(new StreamId(unchecked(masterId.Ms + (ulong)ms), unchecked(masterId.Sequence + (ulong)sequence)));
    }

    private bool TryNoteLive(StreamId id)
    {
        if (id < masterId || (LiveCount > 0 && id <= _lastLiveId))
        {
            return false;
        }
        FirstLiveId = LiveCount == 0 ? id : FirstLiveId;
        _lastLiveId = id;
        LiveCount++;
        return true;
    }

    private bool TryTakeNumber(out long value)
    {
        value = 0;
        if (_offset == 0)
        {
            return false;
        }
        ListpackEntry entry = Listpack.At(_pack, _offset);
        if (!entry.IsInteger)
        {
            return false;
        }
        value = entry.Integer;
        _offset = Listpack.Next(_pack, _offset);
        return true;
    }

    private bool TrySkip(long count)
    {
        for (; count > 0 && _offset != 0; count--)
        {
            _offset = Listpack.Next(_pack, _offset);
        }
        return count == 0;
    }
}
