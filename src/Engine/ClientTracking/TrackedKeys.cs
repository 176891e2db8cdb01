using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Engine.ClientTracking;

/// <summary>
/// Which clients may have which keys in their caches: what they have read, and what has not changed since.
/// <code>
///   HashIndex: about 12 bytes a key      a TrackedKey in a block of its own: 24 bytes for a key of 16 bytes and one client
///     | slot | slot | ... |  ──────────> | key length | key | ids of clients |
/// </code>
/// The table has a heap of its own, so its size is known exactly; there is none while the table is empty, and a table that is thrown away
/// goes with its heap, without a walk through its keys. Ids of clients that have left stay until their keys change: nobody gets an id
/// again. A key is tracked whatever database it is in, as in Redis.
/// </summary>
/// <param name="seed">Of the keys' hashes.</param>
public sealed class TrackedKeys(ulong seed) : IDisposable
{
    private Heap? _heap;
    private ulong _indexSeed;
    private HashIndex<TrackedKey.Keys> _index;

    /// <summary>Keys that some client may have.</summary>
    public long Count => _heap is null ? 0 : _index.Count;

    /// <summary>Pairs of a key and a client.</summary>
    public long ItemCount { get; private set; }

    /// <summary>All bytes of the table.</summary>
    public long MemoryBytes => _heap?.UsedBytes ?? 0;

    /// <summary>Bytes of the system's pages that hold the table.</summary>
    public long MappedBytes => _heap?.MappedBytes ?? 0;

    /// <summary>Remembers that the client has read the key.</summary>
    public void Add(ReadOnlySpan<byte> key, long client)
    {
        Heap heap = _heap ?? Open();
        ulong hash = KeyHash.Of(seed, key);
        IndexPosition at = _index.Find(hash, key);
        if (!at.IsFound)
        {
            _index.Insert(hash, TrackedKey.Create(heap, key, client));
            ItemCount++;
        }
        else if (new TrackedKey(heap, ref at.Link).Add(client))
        {
            ItemCount++;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _heap?.Dispose();
        _heap = null;
        _index = default;
        ItemCount = 0;
    }

    public void Dispose() => Clear();

    /// <summary>Where the key stands, valid until the table changes; not found where no client has it.</summary>
    internal IndexPosition Find(ReadOnlySpan<byte> key) => _heap is null ? default : _index.Find(KeyHash.Of(seed, key), key);

    /// <summary>A key chosen at random, of a table that is not empty.</summary>
    internal IndexPosition Sample(Random random) => _index.RandomPosition(random);

    internal TrackedKey At(IndexPosition position)
    {
        Debug.Assert(_heap is not null && position.IsFound, "Only what was found is there.");
        return new TrackedKey(_heap, ref position.Link);
    }

    /// <summary>Forgets the key.</summary>
    internal void Remove(IndexPosition position)
    {
        Debug.Assert(_heap is not null && position.IsFound, "Only what was found can be removed.");
        ulong entry = _index.EntryAt(position);
        ItemCount -= At(position).Clients.Count;
        _index.Remove(position);
        _heap.Free(entry);
    }

    private Heap Open()
    {
        _heap = new Heap();
        _indexSeed = KeyHash.NextIndexSeed(_indexSeed ^ seed);
        _index = new HashIndex<TrackedKey.Keys>(_heap, IndexRoot.Allocate(_heap, _indexSeed), seed);
        return _heap;
    }
}
