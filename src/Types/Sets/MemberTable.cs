using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Sets;

/// <summary>A large set: the index of its members' blocks, opened over the root block.</summary>
internal readonly struct MemberTable
{
    private readonly Heap _heap;
    private readonly HashIndex<MemberKeys> _index;

    internal MemberTable(ValueContext context, ulong root)
    {
        _heap = context.Heap;
        _index = SetRoot.IndexOf(context, root);
    }

    internal HashIndex<MemberKeys> Index => _index;

    internal bool Contains(ReadOnlySpan<byte> member) => _index.Find(_index.HashOf(member), member).IsFound;

    /// <summary>True if the member is new.</summary>
    internal bool Add(ReadOnlySpan<byte> member)
    {
        ulong hash = _index.HashOf(member);
        if (_index.Find(hash, member).IsFound)
        {
            return false;
        }
        _index.Insert(hash, MemberBlock.Create(_heap, member));
        return true;
    }

    /// <summary>Adds a member that is not there.</summary>
    internal void Insert(ReadOnlySpan<byte> member) => _index.Insert(_index.HashOf(member), MemberBlock.Create(_heap, member));

    /// <summary>True if the member was there.</summary>
    internal bool Remove(ReadOnlySpan<byte> member)
    {
        IndexPosition position = _index.Find(_index.HashOf(member), member);
        if (!position.IsFound)
        {
            return false;
        }
        RemoveAt(position);
        return true;
    }

    internal void RemoveAt(IndexPosition position)
    {
        ulong block = _index.EntryAt(position);
        _index.Remove(position);
        _heap.Free(block);
    }
}
