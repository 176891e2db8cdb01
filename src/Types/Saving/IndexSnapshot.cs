using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Saving;

/// <summary>
/// A large hash, set or sorted set as it was when a snapshot began: the segments of its index are visited once, as those of a database are;
/// see the picture of the keyspace's snapshot. A visit hands over the short elements; long ones are pinned, so that a change leaves their
/// blocks alone, and go out in pieces between the segments. A sorted set loses its order by that, which no reader needs.
/// </summary>
internal sealed class IndexSnapshot<TKeys, TSink>(ValueContext context, HashIndex<TKeys> index, SnapshotMemory memory, TSink output)
    : ValueSnapshot(output)
    where TKeys : struct, ISavedEntry<TSink>
    where TSink : class, IValueSink
{
    /// <summary>Elements in larger blocks are pinned; a segment has some hundred elements.</summary>
    private const long ShortSizeMax = 2 * 1024;

    private readonly VisitEpoch _epoch = memory.Epoch;
    private readonly Queue<LongElement> _long = new();
    private ulong _cursor;
    private bool _isWalked;
    private LongElement _current;
    private int _position;

    public override bool Step()
    {
        if (_current.Block != 0 || _long.TryDequeue(out _current))
        {
            HandOverPiece();
        }
        else
        {
            var visitor = new Visitor(this);
            _cursor = index.VisitSegmentOnce(_cursor, _epoch, ref visitor);
            _isWalked = _cursor == 0;
        }
        return _isWalked && _current.Block == 0 && _long.Count == 0;
    }

    public override void Release()
    {
        if (_current.Block != 0)
        {
            _long.Enqueue(_current);
            _current = default;
        }
        while (_long.TryDequeue(out LongElement element))
        {
            context.Pinned.UnpinSaved(element.Block, _epoch.Lane);
        }
    }

    /// <summary>To be called before an element is added, changed or removed that has this hash.</summary>
    internal void BeforeChange(ulong hash)
    {
        for (IndexSnapshot<TKeys, TSink>? snapshot = this; snapshot is not null; snapshot = snapshot.NextOne)
        {
            snapshot.Visit(hash);
        }
    }

    /// <summary>To be called before this element is changed or removed.</summary>
    internal void BeforeChange(IndexPosition position)
    {
        for (IndexSnapshot<TKeys, TSink>? snapshot = this; snapshot is not null; snapshot = snapshot.NextOne)
        {
            snapshot.Visit(position);
        }
    }

    private IndexSnapshot<TKeys, TSink>? NextOne => Next as IndexSnapshot<TKeys, TSink>;

    private void Visit(ulong hash)
    {
        var visitor = new Visitor(this);
        index.VisitOnce(hash, _epoch, ref visitor);
    }

    private void Visit(IndexPosition position)
    {
        var visitor = new Visitor(this);
        index.VisitOnce(position, _epoch, ref visitor);
    }

    private void Take(ulong entry)
    {
        if (context.Heap.SizeOf(entry) <= ShortSizeMax)
        {
            TKeys.HandOver(entry, output);
            return;
        }
        context.Pinned.PinSaved(entry, _epoch.Lane);
        _long.Enqueue(TKeys.Describe(entry));
    }

    private void HandOverPiece()
    {
        if (_position == 0)
        {
            TKeys.Begin(_current, output);
        }
        int size = Math.Min(PieceSize, _current.Length - _position);
        Output.Text(Native.Bytes(_current.Text + (uint)_position, size));
        _position += size;
        if (_position == _current.Length)
        {
            Output.EndElement();
            context.Pinned.UnpinSaved(_current.Block, _epoch.Lane);
            _current = default;
            _position = 0;
        }
    }

    private readonly struct Visitor(IndexSnapshot<TKeys, TSink> snapshot) : IEntryVisitor
    {
        public void Visit(ulong entry) => snapshot.Take(entry);
    }
}
