using Bixbite.Structures.Packed;

namespace Bixbite.Types.Streams;

/// <summary>
/// Entries of a stream one after the other, in either direction, and of each its fields and values; valid until the next change.
/// <code>
///   StreamEntryReader reader = stream.Read(from, to);
///   while (reader.MoveNext())
///   {
///       ... reader.Id, reader.FieldCount ...
///       while (reader.NextField(out ListpackEntry field, out ListpackEntry value)) ...
///   }
/// </code>
/// </summary>
public ref struct StreamEntryReader
{
    private readonly StreamNodes _nodes;
    private readonly StreamId _min;
    private readonly StreamId _max;
    private readonly bool _isBackward;
    private NodePosition _position;
    private NodeWalk _walk;

    internal StreamEntryReader(StreamNodes nodes, StreamId min, StreamId max, bool isBackward)
    {
        _nodes = nodes;
        _min = min;
        _max = max;
        _isBackward = isBackward;
        _position = min > max ? NodePosition.None : nodes.Find(isBackward ? max : min);
        if (_position.Exists)
        {
            StreamNode node = nodes.NodeAt(_position);
            _walk = isBackward ? new NodeWalk(node, isBackward) : NodeWalk.From(node, min);
        }
    }

    /// <summary>The entries of a sound node.</summary>
    private StreamEntryReader(StreamNode node)
    {
        _min = StreamId.Min;
        _max = StreamId.Max;
        _position = NodePosition.Tail;
        _walk = new NodeWalk(node, isBackward: false);
    }

    /// <summary>The entries of a sound node that stands alone.</summary>
    public static StreamEntryReader In(StreamId masterId, ReadOnlySpan<byte> pack) => new(new StreamNode(masterId, pack));

    /// <summary>The current entry's ID.</summary>
    public readonly StreamId Id => _walk.Id;

    /// <summary>How many fields, and values, the current entry has.</summary>
    public readonly int FieldCount => _walk.FieldCount;

    /// <summary>Goes to the first entry, then to the next; false at the end.</summary>
    public bool MoveNext()
    {
        while (_position.Exists)
        {
            while (_isBackward ? _walk.MovePrevious() : _walk.MoveNext())
            {
                if (_walk.IsDeleted || (_isBackward ? _walk.Id > _max : _walk.Id < _min))
                {
                    continue;
                }
                bool isWithin = _isBackward ? _walk.Id >= _min : _walk.Id <= _max;
                if (!isWithin)
                {
                    _position = NodePosition.None;
                }
                return isWithin;
            }
            _position = _isBackward ? _nodes.Previous(_position) : _nodes.Next(_position);
            if (_position.Exists)
            {
                _walk = new NodeWalk(_nodes.NodeAt(_position), _isBackward);
            }
        }
        return false;
    }

    /// <summary>The current entry's first field, then the next; false behind the last one.</summary>
    public bool NextField(out ListpackEntry field, out ListpackEntry value) => _walk.NextField(out field, out value);
}
