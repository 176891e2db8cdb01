namespace Bixbite.Structures.Sketches;

/// <summary>
/// The keys with the highest numbers, of keys whose numbers rise and fall. What is told of a key that is not among them gets in if it is
/// higher than the lowest, which it replaces; what was replaced or was never high enough is not remembered.
/// <code>
///   hashes    | hash | hash | ...         searched through, since there are few: eight at a time
///   keys      | hash, group, first bytes, length, number | ...       in no order
///   Least     the number that a key must exceed to get in: 0 while there is room
/// </code>
/// </summary>
public sealed class TopKeys
{
    private readonly int _keySizeMax;
    private readonly ulong[] _hashes;
    private readonly RankedKey[] _keys;

    /// <param name="capacity">How many keys.</param>
    /// <param name="keySizeMax">So many bytes of a key are kept.</param>
    public TopKeys(int capacity, int keySizeMax)
    {
        _keySizeMax = keySizeMax;
        _hashes = new ulong[capacity];
        _keys = new RankedKey[capacity];
    }

    public int Count { get; private set; }

    /// <summary>A key that is not among them gets in with more than this.</summary>
    public long Least { get; private set; }

    /// <summary>The bytes that it takes at most, for keys of no more than a megabyte.</summary>
    public long MemoryBytes => _keys.Length * (sizeof(ulong) + 48L + 24 + Math.Min(_keySizeMax, 1 << 20));

    /// <summary>The highest first.</summary>
    public RankedKey[] Sorted
    {
        get
        {
            RankedKey[] keys = _keys[..Count];
            Array.Sort(keys, static (first, second) => second.Count.CompareTo(first.Count));
            return keys;
        }
    }

    /// <summary>Whether the key is among them.</summary>
    public bool Has(ulong hash) => IndexOf(hash) >= 0;

    /// <summary>The key's number is this now.</summary>
    /// <param name="hash">Of the key, and different for the same key of another group.</param>
    /// <param name="group">Where the key lives.</param>
    /// <param name="key">Copied if it gets in.</param>
    /// <param name="number">What it is compared by; more than 0.</param>
    public void Set(ulong hash, int group, ReadOnlySpan<byte> key, long number)
    {
        int at = IndexOf(hash);
        if (at < 0)
        {
            Enter(hash, group, key, number);
            return;
        }
        long before = _keys[at].Count;
        _keys[at] = _keys[at] with { Count = number };
        if (before == Least || number < Least)
        {
            FindLeast();
        }
    }

    /// <summary>The key's number is at least this now.</summary>
    public void Raise(ulong hash, int group, ReadOnlySpan<byte> key, long number)
    {
        int at = IndexOf(hash);
        if (at < 0 || number > _keys[at].Count)
        {
            Set(hash, group, key, number);
        }
    }

    /// <summary>The key has no number any more.</summary>
    public void Remove(ulong hash)
    {
        int at = IndexOf(hash);
        if (at >= 0)
        {
            RemoveAt(at);
        }
    }

    /// <summary>Changes all keys at once; those for which there is none any more are removed.</summary>
    public void Change(Func<RankedKey, RankedKey?> change)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            if (change(_keys[i]) is { } changed)
            {
                _keys[i] = changed;
                _hashes[i] = changed.Hash;
            }
            else
            {
                RemoveAt(i);
            }
        }
        FindLeast();
    }

    public void Clear()
    {
        Array.Clear(_keys);
        Count = 0;
        Least = 0;
    }

    private int IndexOf(ulong hash) => _hashes.AsSpan(0, Count).IndexOf(hash);

    private void Enter(ulong hash, int group, ReadOnlySpan<byte> key, long number)
    {
        if (number <= Least)
        {
            return;
        }
        int at = Count < _keys.Length ? Count++ : IndexOfLeast();
        _hashes[at] = hash;
        _keys[at] = new RankedKey(hash, group, key[..Math.Min(key.Length, _keySizeMax)].ToArray(), key.Length, number);
        FindLeast();
    }

    private void RemoveAt(int at)
    {
        Count--;
        _hashes[at] = _hashes[Count];
        _keys[at] = _keys[Count];
        _keys[Count] = default;
        Least = 0;
    }

    private void FindLeast() => Least = Count < _keys.Length ? 0 : _keys[IndexOfLeast()].Count;

    private int IndexOfLeast()
    {
        int least = 0;
        for (int i = 1; i < Count; i++)
        {
            if (_keys[i].Count < _keys[least].Count)
            {
                least = i;
            }
        }
        return least;
    }
}
