using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>The former content of a database that was flushed: it owns an index and its records until all are freed.</summary>
internal sealed class DetachedContent
{
    private readonly HashIndex<RecordKeys> _index;
    private readonly RecordStore _records;

    public DetachedContent(HashIndex<RecordKeys> index, RecordStore records)
    {
        _index = index;
        _records = records;
        Pending = index.Count;
    }

    /// <summary>Keys not yet freed.</summary>
    public long Pending { get; private set; }

    /// <summary>Frees about <paramref name="countMax"/> records; false when nothing is left, the index included.</summary>
    public bool FreeSome(int countMax)
    {
        bool isLeft = _index.ReleaseSome(countMax, entry => _records.Free(new Record(entry)));
        Pending = _index.Count;
        return isLeft;
    }
}
