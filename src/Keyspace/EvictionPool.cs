namespace Bixbite.Keyspace;

/// <summary>
/// The best candidates for eviction seen lately, ordered by how much they deserve it. Candidates are remembered by database and key
/// hash, not by address, since records move and go; a candidate that is gone is simply skipped.
/// </summary>
internal sealed class EvictionPool
{
    private const int Capacity = 16;

    private readonly Candidate[] _candidates = new Candidate[Capacity];
    private int _count;

    /// <summary>Offers a candidate; a higher score goes sooner.</summary>
    public void Offer(int database, byte[] key, ulong score)
    {
        if (_count == Capacity && score <= _candidates[0].Score)
        {
            return;
        }
        for (int i = 0; i < _count; i++)
        {
            if (_candidates[i].Database == database && _candidates[i].Key.AsSpan().SequenceEqual(key))
            {
                return;
            }
        }
        if (_count == Capacity)
        {
            Array.Copy(_candidates, 1, _candidates, 0, Capacity - 1);
            _count--;
        }
        int at = _count;
        while (at > 0 && _candidates[at - 1].Score > score)
        {
            _candidates[at] = _candidates[at - 1];
            at--;
        }
        _candidates[at] = new Candidate(database, key, score);
        _count++;
    }

    /// <summary>Whether a score would enter the pool, so that a key need not be copied in vain.</summary>
    public bool Wants(ulong score) => _count < Capacity || score > _candidates[0].Score;

    /// <summary>Takes the best candidate out.</summary>
    public bool TryTake(out Candidate candidate)
    {
        candidate = default;
        if (_count == 0)
        {
            return false;
        }
        candidate = _candidates[--_count];
        _candidates[_count] = default;
        return true;
    }

    public void Clear()
    {
        Array.Clear(_candidates);
        _count = 0;
    }

    internal readonly record struct Candidate(int Database, byte[] Key, ulong Score);
}
