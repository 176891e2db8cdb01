using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>
/// Pending entries of a group or a consumer one after the other. It seeks each anew, so the one that is shown may be acknowledged or given
/// to another consumer before the next is asked for.
/// </summary>
public ref struct PendingReader
{
    private readonly ValueContext _context;
    private readonly GroupSnapshot? _saving;
    private readonly PendingTree _tree;
    private readonly StreamId _to;
    private StreamId _from;
    private bool _isOver;

    internal PendingReader(ValueContext context, GroupSnapshot? saving, PendingTree tree, StreamId from, StreamId to)
    {
        _context = context;
        _saving = saving;
        _tree = tree;
        _from = from;
        _to = to;
    }

    public PendingEntry Current { get; private set; }

    public bool MoveNext()
    {
        ulong entry = _isOver ? 0 : _tree.FindFrom(_from);
        Current = new PendingEntry(_context, entry, _saving);
        if (entry == 0 || Current.Id > _to)
        {
            _isOver = true;
            return false;
        }
        _isOver = !Current.Id.TryGetNext(out _from);
        return true;
    }
}

/// <summary>All pending entries of a group or a consumer, for as long as nothing changes.</summary>
public ref struct PendingWalk
{
    private readonly ValueContext _context;
    private TreeWalk _walk;

    internal PendingWalk(ValueContext context, PendingTree tree)
    {
        _context = context;
        _walk = tree.Walk();
    }

    public readonly PendingEntry Current => new(_context, _walk.Current);

    public bool MoveNext() => _walk.MoveNext();
}
