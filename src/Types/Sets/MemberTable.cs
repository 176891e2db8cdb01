using Bixbite.Structures.Hashing;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Sets;

/// <summary>A large set: the index of its members' blocks, opened over the root block.</summary>
internal readonly struct MemberTable
{
    private readonly ValueContext _context;
    private readonly HashIndex<MemberKeys> _index;

    private readonly IndexSnapshot<MemberKeys, ISetSink>? _saving;

    internal MemberTable(ValueContext context, ulong root, IndexSnapshot<MemberKeys, ISetSink>? saving = null)
    {
        _saving = saving;
        _context = context;
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
        _saving?.BeforeChange(hash);
        _index.Insert(hash, MemberBlock.Create(_context.Heap, member));
        return true;
    }

    /// <summary>Adds a member that is not there.</summary>
    internal void Insert(ReadOnlySpan<byte> member)
    {
        ulong hash = _index.HashOf(member);
        _saving?.BeforeChange(hash);
        _index.Insert(hash, MemberBlock.Create(_context.Heap, member));
    }

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
        _saving?.BeforeChange(position);
        ulong block = _index.EntryAt(position);
        _index.Remove(position);
        _context.Pinned.Free(block);
    }
}
