using System.Diagnostics;

namespace Bixbite.Structures.Sketches;

/// <summary>
/// Finds the keys that occur most often in a stream, and how often, in memory that does not grow with the keys there are. It is
/// HeavyKeeper (J. Gong and others, USENIX ATC 2018): a key has one bucket in each row, and a bucket belongs to one key at a time.
/// <code>
///   row 0     | print 24, count 40 | print 24, count 40 | ...        8 bytes each; the width is a power of two
///   row 1     | print 24, count 40 | ...
///   top       the keys with the highest counts: see TopKeys
///
///   a key's hash   63 ... 40 print | ... | 23 ... 12 bucket of row 1 | 11 ... 0 bucket of row 0       (for a width of 4096)
/// </code>
/// An occurrence of the key that owns a bucket adds one. An occurrence of another takes one away, but only with probability 1.08^-count,
/// and when nothing is left, the bucket is the other's. So whoever comes seldom hardly ever harms whoever comes often, and what a frequent
/// key loses is what it lost before its count was large: a few. A key's count is the highest of its buckets, at most the true one, unless
/// two prints are the same, which happens once in 16 million pairs.
/// <para>
/// Where it departs from the paper: an occurrence may count for several, and takes away what that many would have taken; all counts may be
/// halved (<see cref="Halve"/>), for a stream that is sampled half as often from now on.
/// </para>
/// </summary>
public sealed class HeavyKeeper
{
    public const int Depth = 2;
    private const int CountBits = 40;
    private const ulong CountMask = (1UL << CountBits) - 1;
    private const double Base = 1.08;

    /// <summary>A higher count loses nothing any more: the odds are less than one in 2^32.</summary>
    private const int LosingCountMax = 287;

    private static readonly double[] s_odds = [.. Enumerable.Range(0, LosingCountMax + 1).Select(static count => Math.Pow(Base, -count))];

    private readonly ulong[] _buckets;
    private readonly int _widthBits;
    private readonly TopKeys _top;
    private ulong _random;

    /// <param name="widthBits">Each row has two to the power of this many buckets.</param>
    /// <param name="topCount">How many keys are told.</param>
    /// <param name="keySizeMax">So many bytes of a key are kept.</param>
    /// <param name="seed">Of its choices.</param>
    public HeavyKeeper(int widthBits, int topCount, int keySizeMax, ulong seed)
    {
        Debug.Assert(Depth * widthBits <= CountBits, "the bits that choose buckets and those of the print are different ones");
        _widthBits = widthBits;
        _buckets = new ulong[Depth << widthBits];
        _top = new TopKeys(topCount, keySizeMax);
        _random = seed | 1;
    }

    /// <summary>All occurrences so far, as far as they were not halved.</summary>
    public long Total { get; private set; }

    /// <summary>The bytes that it takes at most, the bytes of the keys included.</summary>
    public long MemoryBytes => (_buckets.Length * sizeof(ulong)) + _top.MemoryBytes;

    /// <summary>The most frequent keys, the most frequent first.</summary>
    public RankedKey[] Top => _top.Sorted;

    /// <summary>A key has occurred.</summary>
    /// <param name="hash">Good in all bits, and different for the same key of another group.</param>
    /// <param name="group">Where the key lives: told with it.</param>
    /// <param name="key">Its first bytes are copied when it gets among the most frequent ones.</param>
    /// <param name="count">For how many occurrences it counts.</param>
    public void Add(ulong hash, int group, ReadOnlySpan<byte> key, long count = 1)
    {
        Debug.Assert(count > 0);
        Total += count;
        ulong print = hash >> CountBits;
        int mask = (1 << _widthBits) - 1;
        long estimate = 0;
        for (int row = 0; row < Depth; row++)
        {
            int column = (int)(hash >> (row * _widthBits)) & mask;
            estimate = Math.Max(estimate, AddTo(ref _buckets[(row << _widthBits) + column], print, count));
        }
        if (estimate > _top.Least)
        {
            _top.Raise(hash, group, key, estimate);
        }
    }

    /// <summary>From now on an occurrence counts for two of those before.</summary>
    public void Halve()
    {
        for (int i = 0; i < _buckets.Length; i++)
        {
            ulong bucket = _buckets[i];
            _buckets[i] = (bucket & ~CountMask) | ((bucket & CountMask) >> 1);
        }
        Total >>= 1;
        _top.Halve();
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_buckets);
        _top.Clear();
        Total = 0;
    }

    /// <summary>Returns the count of the bucket if it belongs to the key then; 0 otherwise.</summary>
    private long AddTo(ref ulong bucket, ulong print, long count)
    {
        long held = (long)(bucket & CountMask);
        if (held > 0 && bucket >> CountBits != print)
        {
            held = Lose(held, ref count);
            if (held > 0)
            {
                bucket = (bucket & ~CountMask) | (ulong)held;
                return 0;
            }
        }
        held = Math.Min(held + count, (long)CountMask);
        bucket = (print << CountBits) | (ulong)held;
        return held;
    }

    /// <summary>
    /// The rest of a count after so many occurrences of another key. Where nothing is, those that were not needed to take it away, and
    /// the one that took the last, are the other's.
    /// </summary>
    private long Lose(long held, ref long count)
    {
        long left = count;
        while (left > 0 && held <= LosingCountMax)
        {
            long trials = left == 1 && held > 1 ? OneTrial(held) : Trials(held);
            if (trials > left)
            {
                return held;
            }
            left -= trials;
            if (--held == 0)
            {
                count = left + 1;
                return 0;
            }
        }
        return held;
    }

    private long OneTrial(long held) => NextDouble() < s_odds[held] ? 1 : 2;

    /// <summary>Occurrences until one takes something away.</summary>
    private long Trials(long held) => 1 + (long)(Math.Log(1 - NextDouble()) / Math.Log(1 - s_odds[held]));

    private double NextDouble()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        return (_random >> 11) * (1.0 / (1UL << 53));
    }
}
