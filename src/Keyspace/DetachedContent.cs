using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>The former content of a database that was flushed: it owns an index and its records until all are freed.</summary>
internal sealed class DetachedContent : IDetached
{
    private readonly Heap _heap;
    private readonly ulong _root;
    private readonly HashIndex<RecordKeys> _index;
    private readonly RecordStore _records;
    private readonly bool _lazily;

    /// <param name="heap">Where the index lives.</param>
    /// <param name="root">The index's root block.</param>
    /// <param name="index">The index.</param>
    /// <param name="records">Frees the records.</param>
    /// <param name="lazily">Large collections among the records are freed in slices of their own.</param>
    public DetachedContent(Heap heap, ulong root, HashIndex<RecordKeys> index, RecordStore records, bool lazily)
    {
        _heap = heap;
        _root = root;
        _index = index;
        _records = records;
        _lazily = lazily;
        Pending = index.Count;
    }

    public long Pending { get; private set; }

    public bool FreeSome(int countMax)
    {
        bool isLeft = _index.ReleaseSome(countMax, entry => _records.Free(new Record(entry), _lazily));
        Pending = _index.Count;
        if (!isLeft)
        {
            _heap.Free(_root);
        }
        return isLeft;
    }
}
