namespace Bixbite.Keyspace;

/// <summary>
/// The best candidates for eviction seen lately, ordered by how much they deserve it. Candidates are remembered by database and key, not by
/// address, since records move and go; a candidate that is gone is skipped by whoever takes it. The copies of keys are used again, so a
/// pool that has seen keys of every length allocates nothing.
/// </summary>
internal sealed class EvictionPool
{
    private const int Capacity = 16;
    private const int KeySizeInitial = 64;

    /// <summary>A copy of a longer key is not kept for the next one.</summary>
    private const int KeySizeKept = 4096;

    /// <summary>The first <see cref="_count"/> in ascending order of scores; after them the last one taken, and spare ones.</summary>
    private readonly Candidate[] _candidates = [.. Enumerable.Range(0, Capacity + 1).Select(_ => new Candidate())];

    private int _count;

    /// <summary>Offers a candidate; a higher score goes sooner, and of equal ones the first that was offered.</summary>
    public void Offer(int database, ReadOnlySpan<byte> key, ulong score)
    {
        if (!Wants(score) || Holds(database, key))
        {
            return;
        }
        if (_count == Capacity)
        {
            Candidate worst = _candidates[0];
            Array.Copy(_candidates, 1, _candidates, 0, Capacity - 1);
            _candidates[Capacity - 1] = worst;
            _count--;
        }
        Candidate added = _candidates[_count];
        int at = _count;
        while (at > 0 && _candidates[at - 1].Score >= score)
        {
            _candidates[at] = _candidates[at - 1];
            at--;
        }
        _candidates[at] = added;
        added.Set(database, key, score);
        _count++;
    }

    /// <summary>Takes the best candidate out; what it says holds until the next offer.</summary>
    public bool TryTake(out int database, out ReadOnlySpan<byte> key, out ulong score)
    {
        if (_count == 0)
        {
            database = 0;
            key = default;
            score = 0;
            return false;
        }
        Candidate best = _candidates[--_count];
        database = best.Database;
        key = best.Key;
        score = best.Score;
        return true;
    }

    public void Clear() => _count = 0;

    private bool Wants(ulong score) => _count < Capacity || score > _candidates[0].Score;

    private bool Holds(int database, ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_candidates[i].Database == database && _candidates[i].Key.SequenceEqual(key))
            {
                return true;
            }
        }
        return false;
    }

    private sealed class Candidate
    {
        private byte[] _key = new byte[KeySizeInitial];
        private int _length;

        public int Database { get; private set; }

        public ulong Score { get; private set; }

        public ReadOnlySpan<byte> Key => _key.AsSpan(0, _length);

        public void Set(int database, ReadOnlySpan<byte> key, ulong score)
        {
            if (key.Length > _key.Length || (_key.Length > KeySizeKept && key.Length <= KeySizeKept))
            {
                _key = new byte[Math.Max(key.Length, KeySizeInitial)];
            }
            key.CopyTo(_key);
            _length = key.Length;
            Database = database;
            Score = score;
        }
    }
}
