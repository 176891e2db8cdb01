using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.ClientTracking;

/// <summary>
/// The keys with one prefix that changed in a round, and who changed each last. They are noted as they come and sorted once, before
/// they are told: in the order of their bytes, each once.
/// <code>
///   entries | offset, length, author | ...        ──> bytes | key | key | ...
/// </code>
/// </summary>
internal sealed class ChangedKeys(Heap heap) : IComparer<ChangedKeys.Entry>, IDisposable
{
    private const int SizeKept = 16 * 1024;
    private const int CountKept = 1024;

    /// <summary>With more bytes than this the keys should be told before the round is over.</summary>
    private const int SizeMax = 16 << 20;

    private readonly NativeBuffer _bytes = new(heap, 64);
    private readonly List<Entry> _entries = [];

    internal bool IsEmpty => _entries.Count == 0;

    internal bool IsFull => _bytes.Length >= SizeMax;

    /// <summary>Notes a change; without an author it happened by itself.</summary>
    internal void Add(ReadOnlySpan<byte> key, Session? author)
    {
        if (_entries.Count > 0 && KeyOf(_entries[^1]).SequenceEqual(key))
        {
            _entries[^1] = _entries[^1] with { Author = author };
            return;
        }
        _entries.Add(new Entry(_bytes.Length, key.Length, author));
        key.CopyTo(_bytes.Reserve(key.Length));
        _bytes.Advance(key.Length);
    }

    /// <summary>Puts the keys in order and keeps the last change of each.</summary>
    internal void Sort()
    {
        _entries.Sort(this);
        int count = 0;
        for (int i = 0; i < _entries.Count; i++)
        {
            bool isLast = i + 1 == _entries.Count || !KeyOf(_entries[i]).SequenceEqual(KeyOf(_entries[i + 1]));
            if (isLast)
            {
                _entries[count++] = _entries[i];
            }
        }
        _entries.RemoveRange(count, _entries.Count - count);
    }

    /// <summary>How many keys there are that somebody else changed.</summary>
    internal int CountWithout(Session? author)
    {
        int count = 0;
        foreach (Entry entry in _entries)
        {
            count += author is null || entry.Author != author ? 1 : 0;
        }
        return count;
    }

    /// <summary>Writes the keys that somebody else changed as an array.</summary>
    internal void Write(ReplyWriter target, Session? author, int count)
    {
        target.Array(count);
        foreach (Entry entry in _entries)
        {
            if (author is null || entry.Author != author)
            {
                target.Bulk(KeyOf(entry));
            }
        }
    }

    internal void Clear()
    {
        _bytes.Truncate(0);
        _bytes.Shrink(SizeKept);
        _entries.Clear();
        if (_entries.Capacity > CountKept)
        {
            _entries.Capacity = CountKept;
        }
    }

    public int Compare(Entry x, Entry y)
    {
        int order = KeyOf(x).SequenceCompareTo(KeyOf(y));
        return order != 0 ? order : x.Offset.CompareTo(y.Offset);
    }

    public void Dispose() => _bytes.Dispose();

    private ReadOnlySpan<byte> KeyOf(Entry entry) => _bytes.Written(entry.Offset)[..entry.Length];

    internal readonly record struct Entry(int Offset, int Length, Session? Author);
}
