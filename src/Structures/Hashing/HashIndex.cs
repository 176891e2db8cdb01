using System.IO.Hashing;
using Bixbite.Memory;
namespace Bixbite.Structures.Hashing;
public interface IEntryKeys { static abstract ReadOnlySpan<byte> KeyOf(ulong entry); }
public static class KeyHash { public static ulong Of(ulong seed, ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key, (long)seed); }
public struct IndexPosition { internal ulong Hash; internal int At; public bool IsFound => At > 0; }
public sealed class HashIndex<TKeys> where TKeys : struct, IEntryKeys
{
    private readonly SortedDictionary<ulong, (ulong Entry, long Deadline)> _map = [];
    private readonly ulong _seed;
    public HashIndex(Heap heap, ulong seed) { _seed = seed; }
    public long Count => _map.Count;
    public long VolatileCount { get; private set; }
    public long MemoryBytes => 0;
    public void PrefetchBucket(ulong hash) { }
    public void PrefetchEntry(ulong hash) { }
    public IndexPosition Find(ulong hash, ReadOnlySpan<byte> key) => new() { Hash = hash, At = _map.ContainsKey(hash) ? 1 : 0 };
    public ulong EntryAt(IndexPosition p) => _map[p.Hash].Entry;
    public IndexPosition Insert(ulong hash, ulong entry) { _map[hash] = (entry, long.MinValue); return new() { Hash = hash, At = 1 }; }
    public void Replace(IndexPosition p, ulong entry) { _map[p.Hash] = (entry, _map[p.Hash].Deadline); }
    public void Remove(IndexPosition p) { SetDeadline(p, long.MinValue); _map.Remove(p.Hash); }
    public void SetDeadline(IndexPosition p, long ms)
    {
        (ulong e, long d) = _map[p.Hash];
        VolatileCount += (ms == long.MinValue ? 0 : 1) - (d == long.MinValue ? 0 : 1);
        _map[p.Hash] = (e, ms);
    }
    public ulong Scan(ulong cursor, int hint, Action<ulong> visit)
    {
        int n = 0;
        foreach (var kv in _map)
        {
            if (kv.Key >> 11 < cursor) continue;
            if (n++ >= hint) return kv.Key >> 11;
            visit(kv.Value.Entry);
        }
        return 0;
    }
    public ulong RandomEntry(Random r) => _map.ElementAt(r.Next(_map.Count)).Value.Entry;
    public int Sample(Random r, Span<ulong> t) { for (int i = 0; i < t.Length; i++) t[i] = RandomEntry(r); return t.Length; }
    public int SampleVolatile(Random r, Span<ulong> t) { int n = 0; foreach (var v in _map.Values) if (v.Deadline != long.MinValue && n < t.Length) t[n++] = v.Entry; return n; }
    public int CollectDue(long now, Span<ulong> t, out bool more) { int n = 0; more = false; foreach (var v in _map.Values) if (v.Deadline != long.MinValue && v.Deadline < now) { if (n == t.Length) { more = true; break; } t[n++] = v.Entry; } return n; }
    public bool ReleaseSome(int max, Action<ulong> free) { foreach (var v in _map.Values) free(v.Entry); _map.Clear(); return false; }
}
