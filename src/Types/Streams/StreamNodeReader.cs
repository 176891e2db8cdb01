namespace Bixbite.Types.Streams;

/// <summary>The nodes of a stream in order, as they are stored; valid until the next change.</summary>
public ref struct StreamNodeReader
{
    private readonly StreamNodes _nodes;
    private NodePosition _next;

    internal StreamNodeReader(StreamNodes nodes)
    {
        _nodes = nodes;
        _next = nodes.First;
    }

    /// <summary>The ID that the entries' IDs are told as differences to.</summary>
    public StreamId MasterId { get; private set; }

    /// <summary>The listpack.</summary>
    public ReadOnlySpan<byte> Pack { get; private set; }

    public bool MoveNext()
    {
        if (!_next.Exists)
        {
            return false;
        }
        StreamNode node = _nodes.NodeAt(_next);
        MasterId = node.MasterId;
        Pack = node.Pack;
        _next = _nodes.Next(_next);
        return true;
    }
}
