using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>The groups of a stream in the order of their names; valid until one is added or removed.</summary>
public ref struct StreamGroupReader
{
    private readonly ValueContext _context;
    private readonly StreamSnapshot? _saving;
    private TreeWalk _walk;

    internal StreamGroupReader(ValueContext context, NamedBlockTree groups, StreamSnapshot? saving)
    {
        _context = context;
        _saving = saving;
        _walk = groups.Walk();
    }

    public readonly StreamGroup Current => new(_context, _walk.Current, _saving?.GroupAt(_walk.Current));

    public bool MoveNext() => _walk.MoveNext();
}

/// <summary>The consumers of a group in the order of their names; valid until one is added or removed.</summary>
public ref struct StreamConsumerReader
{
    private readonly ValueContext _context;
    private readonly GroupSnapshot? _saving;
    private TreeWalk _walk;

    internal StreamConsumerReader(ValueContext context, NamedBlockTree consumers, GroupSnapshot? saving)
    {
        _context = context;
        _saving = saving;
        _walk = consumers.Walk();
    }

    public readonly StreamConsumer Current => new(_context, _walk.Current, _saving);

    public bool MoveNext() => _walk.MoveNext();
}
