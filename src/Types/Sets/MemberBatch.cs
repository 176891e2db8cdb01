using System.Numerics;
using System.Runtime.CompilerServices;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Text;

namespace Bixbite.Types.Sets;

/// <summary>
/// A few members of one set on their way through others. In large sets they are looked up together: first all buckets are asked for, then
/// all entries, and only then compared, so that the cache misses overlap. All sets share one seed, so a member is hashed once.
/// </summary>
internal ref struct MemberBatch
{
    private Members _members;
    private Hashes _hashes;
    private bool _isHashed;

    /// <summary>A bit for each member that is still wanted.</summary>
    private uint _left;

    /// <summary>Takes the set's next members; false at the end.</summary>
    internal bool MoveNext(StoredSet set, ref SetWalk walk)
    {
        int count = set.Walk(ref walk, _members);
        _left = count == StoredSet.BatchSize ? uint.MaxValue : (1u << count) - 1;
        _isHashed = false;
        return count > 0;
    }

    /// <summary>Goes on with those that the other set contains, or with those that it does not.</summary>
    internal void Keep(StoredSet other, bool isContained)
    {
        uint found = other.IsTable ? FindIn(other.Index) : FindIn(other);
        _left &= isContained ? found : ~found;
    }

    /// <summary>Gives those that are left to the sink; false if it wants no more.</summary>
    internal readonly bool CopyTo<TSink>(ref TSink sink)
        where TSink : struct, IMemberSink, allows ref struct
    {
        for (uint left = _left; left != 0; left &= left - 1)
        {
            if (!sink.Add(_members[BitOperations.TrailingZeroCount(left)]))
            {
                return false;
            }
        }
        return true;
    }

    private readonly uint FindIn(StoredSet set)
    {
        uint found = 0;
        for (uint left = _left; left != 0; left &= left - 1)
        {
            if (set.Contains(_members[BitOperations.TrailingZeroCount(left)]))
            {
                found |= left & (0 - left);
            }
        }
        return found;
    }

    private uint FindIn(HashIndex<MemberKeys> index)
    {
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        for (uint left = _left; left != 0; left &= left - 1)
        {
            int i = BitOperations.TrailingZeroCount(left);
            if (!_isHashed)
            {
                _hashes[i] = index.HashOf(_members[i].Text(scratch));
            }
            index.PrefetchBucket(_hashes[i]);
        }
        _isHashed = true;
        for (uint left = _left; left != 0; left &= left - 1)
        {
            index.PrefetchEntry(_hashes[BitOperations.TrailingZeroCount(left)]);
        }
        uint found = 0;
        for (uint left = _left; left != 0; left &= left - 1)
        {
            int i = BitOperations.TrailingZeroCount(left);
            if (index.Find(_hashes[i], _members[i].Text(scratch)).IsFound)
            {
                found |= left & (0 - left);
            }
        }
        return found;
    }

    [InlineArray(StoredSet.BatchSize)]
    private struct Members
    {
        private StoredText _first;
    }

    [InlineArray(StoredSet.BatchSize)]
    private struct Hashes
    {
        private ulong _first;
    }
}
