using System.Numerics;
using System.Runtime.CompilerServices;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;

namespace Bixbite.Types.Sets;

/// <summary>
/// A few members of one set on their way through others. In large sets they are looked up together: first all buckets are asked for, then
/// all entries, and only then compared, so that the cache misses overlap. All sets share one seed, so a member is hashed once. Listpacks
/// get a table for the time of the walk, which <see cref="Release"/> gives back; in intsets integers in order are looked for in order.
/// </summary>
internal ref struct MemberBatch
{
    /// <summary>So many members, and entries, make a table of a listpack pay.</summary>
    private const int TableCountMin = 8;

    private Members _members;
    private Hashes _hashes;
    private bool _isHashed;
    private StoredSet _tabled;
    private ListpackTable _table;
    private bool _isAscending;

    /// <summary>A bit for each member that is still wanted.</summary>
    private uint _left;

    /// <summary>Takes the set's next members; false at the end.</summary>
    internal bool MoveNext(StoredSet set, ref SetWalk walk)
    {
        int count = set.Walk(ref walk, _members);
        _left = count == StoredSet.BatchSize ? uint.MaxValue : (1u << count) - 1;
        _isHashed = false;
        _isAscending = set.Layout == ValueLayout.Intset;
        return count > 0;
    }

    /// <summary>Goes on with those that the other set contains, or with those that it does not.</summary>
    internal void Keep(StoredSet other, bool isContained)
    {
        uint found = other.Layout switch
        {
            ValueLayout.Root => FindIn(other.Index),
            ValueLayout.Intset when _isAscending => FindAscendingIn(other.Pack),
            _ => FindIn(other),
        };
        _left &= isContained ? found : ~found;
    }

    internal void Release() => _table.Release();

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

    private uint FindIn(StoredSet set)
    {
        if (set.Layout == ValueLayout.Listpack)
        {
            PrepareTable(set);
        }
        bool isTabled = _table.IsBuilt && _tabled.IsSameAs(set);
        ReadOnlySpan<byte> pack = set.Pack;
        uint found = 0;
        for (uint left = _left; left != 0; left &= left - 1)
        {
            StoredText member = _members[BitOperations.TrailingZeroCount(left)];
            if (isTabled ? _table.Contains(pack, member) : set.Contains(member))
            {
                found |= left & (0 - left);
            }
        }
        return found;
    }

    private readonly uint FindAscendingIn(ReadOnlySpan<byte> intset)
    {
        uint found = 0;
        int index = 0;
        for (uint left = _left; left != 0; left &= left - 1)
        {
            if (Intset.ContainsFrom(intset, _members[BitOperations.TrailingZeroCount(left)].Integer, ref index))
            {
                found |= left & (0 - left);
            }
        }
        return found;
    }

    private void PrepareTable(StoredSet set)
    {
        bool isBuilt = _table.IsBuilt && _tabled.IsSameAs(set);
        if (!isBuilt && BitOperations.PopCount(_left) >= TableCountMin && set.Count >= TableCountMin)
        {
            _table.Build(set.Pack);
            _tabled = set;
        }
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
