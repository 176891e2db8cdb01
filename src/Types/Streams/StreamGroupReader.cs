using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>The groups of a stream in the order of their names; valid until one is added or removed.</summary>
public ref struct StreamGroupReader
{
    private readonly ValueContext _context;
    private TreeWalk _walk;

    internal StreamGroupReader(ValueContext context, NamedBlocks groups)
    {
        _context = context;
        _walk = groups.Walk();
    }

    public readonly StreamGroup Current => new(_context, _walk.Current);

    public bool MoveNext() => _walk.MoveNext();
}

/// <summary>The consumers of a group in the order of their names; valid until one is added or removed.</summary>
public ref struct StreamConsumerReader
{
    private readonly ValueContext _context;
    private TreeWalk _walk;

    internal StreamConsumerReader(ValueContext context, NamedBlocks consumers)
    {
        _context = context;
        _walk = consumers.Walk();
    }

    public readonly StreamConsumer Current => new(_context, _walk.Current);

    public bool MoveNext() => _walk.MoveNext();
}
