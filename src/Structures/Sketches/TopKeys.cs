using System.Numerics;

namespace Bixbite.Structures.Sketches;

/// <summary>
/// The keys with the highest numbers, of keys whose numbers rise and fall. What is told of a key that is not among them gets in if it is
/// higher than the lowest, which it replaces; what was replaced or was never high enough is not remembered. Once its places have had keys
/// as long as those that come, nothing is allocated but for who asks.
/// <code>
///   hashes    | hash | hash | ...         searched through, since there are few: eight at a time
///   entries   | group, first bytes, length, number | ...     in no order; whoever leaves leaves room for the bytes of the next
///   Least     the number that a key must exceed to get in: 0 while there is room
/// </code>
/// </summary>
public sealed class TopKeys
{
    private const int RoomMin = 16;

    private readonly int _keySizeMax;
    private readonly ulong[] _hashes;
    private readonly Entry[] _entries;

    /// <param name="capacity">How many keys.</param>
    /// <param name="keySizeMax">So many bytes of a key are kept.</param>
    public TopKeys(int capacity, int keySizeMax)
    {
        _keySizeMax = keySizeMax;
        _hashes = new ulong[capacity];
        _entries = new Entry[capacity];
    }

    public int Count { get; private set; }

    /// <summary>A key that is not among them gets in with more than this.</summary>
    public long Least { get; private set; }

    /// <summary>The bytes that it takes at most, for keys of no more than a megabyte.</summary>
    public long MemoryBytes => _entries.Length * (sizeof(ulong) + 32L + 24 + Math.Min(_keySizeMax, 1 << 20));

    /// <summary>The highest first; copies.</summary>
    public RankedKey[] Sorted
    {
        get
        {
            var keys = new RankedKey[Count];
            for (int i = 0; i < Count; i++)
            {
                ref readonly Entry entry = ref _entries[i];
                keys[i] = new RankedKey(_hashes[i], entry.Group, [.. entry.Bytes], entry.Length, entry.Number);
            }
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
        long before = _entries[at].Number;
        _entries[at].Number = number;
        if (before == Least || number < Least)
        {
            FindLeast();
        }
    }

    /// <summary>The key's number is at least this now.</summary>
    public void Raise(ulong hash, int group, ReadOnlySpan<byte> key, long number)
    {
        int at = IndexOf(hash);
        if (at < 0 || number > _entries[at].Number)
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

    /// <summary>The keys of a group have no numbers any more.</summary>
    public void RemoveGroup(int group)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            if (_entries[i].Group == group)
            {
                RemoveAt(i);
            }
        }
    }

    /// <summary>The keys of two groups change places.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other.</param>
    /// <param name="difference">The bits in which the hashes of one key differ in the two groups.</param>
    public void ExchangeGroups(int first, int second, ulong difference)
    {
        for (int i = 0; i < Count; i++)
        {
            ref Entry entry = ref _entries[i];
            if (entry.Group == first || entry.Group == second)
            {
                entry.Group = entry.Group == first ? second : first;
                _hashes[i] ^= difference;
            }
        }
    }

    /// <summary>All numbers are half of what they were; a key of which nothing is left goes.</summary>
    public void Halve()
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            if ((_entries[i].Number >>= 1) == 0)
            {
                RemoveAt(i);
            }
        }
        FindLeast();
    }

    public void Clear()
    {
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
        int at = Count < _entries.Length ? Count++ : IndexOfLeast();
        _hashes[at] = hash;
        _entries[at].Take(group, key, Math.Min(key.Length, _keySizeMax), number);
        FindLeast();
    }

    /// <summary>The last one takes the place, and the room for bytes goes behind it.</summary>
    private void RemoveAt(int at)
    {
        Count--;
        _hashes[at] = _hashes[Count];
        (_entries[at], _entries[Count]) = (_entries[Count], _entries[at]);
        Least = 0;
    }

    private void FindLeast() => Least = Count < _entries.Length ? 0 : _entries[IndexOfLeast()].Number;

    private int IndexOfLeast()
    {
        int least = 0;
        for (int i = 1; i < Count; i++)
        {
            if (_entries[i].Number < _entries[least].Number)
            {
                least = i;
            }
        }
        return least;
    }

    private struct Entry
    {
        private byte[]? _room;
        private int _kept;

        public long Number;
        public int Group;

        public int Length { readonly get; private set; }

        public readonly ReadOnlySpan<byte> Bytes => _room.AsSpan(0, _kept);

        public void Take(int group, ReadOnlySpan<byte> key, int kept, long number)
        {
            if (_room is null || _room.Length < kept)
            {
                _room = new byte[Math.Max((int)BitOperations.RoundUpToPowerOf2((uint)kept), RoomMin)];
            }
            key[..kept].CopyTo(_room);
            _kept = kept;
            Group = group;
            Length = key.Length;
            Number = number;
        }
    }
}
