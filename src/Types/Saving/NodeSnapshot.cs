using Bixbite.Memory;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Saving;

/// <summary>
/// A large list or stream as it was when a snapshot began: the blocks of its nodes, in order, which are handed over one after the other. A
/// block that is still to come stays as it is: who is about to change it goes on in a copy, and who frees it leaves it to the snapshots
/// that are still to have it. To begin takes no time, since which blocks there were is noted only where the tree changes
/// (<see cref="TreeImage"/>).
/// <code>
///   blocks    | first | in the tree ............................. | last |         first and last stand outside the tree, if at all
///               handed over | block | block, kept | not noted yet
///                           ^ next    ^ pinned: nobody else's any more
/// </code>
/// </summary>
internal abstract class NodeSnapshot : ValueSnapshot
{
    /// <summary>Longer nodes, which have one element, go out in pieces.</summary>
    private const int ShortSizeMax = 1 << 20;

    /// <summary>About how many bytes of managed objects a noted block takes.</summary>
    private const long NotedSize = 48;

    private readonly ValueContext _context;
    private readonly SnapshotMemory _memory;
    private readonly TreeImage _image;
    private readonly HashSet<ulong> _kept = [];
    private ulong _first;
    private ulong _last;
    private long _objectBytes;
    private bool _isOpen;
    private int _position;
    private int _end;

    /// <param name="context">What the values of the keyspace share.</param>
    /// <param name="memory">Of the snapshot.</param>
    /// <param name="image">The nodes in the tree.</param>
    /// <param name="first">The block before them, or 0.</param>
    /// <param name="last">The block behind them, or 0.</param>
    /// <param name="output">Takes the pieces.</param>
    protected NodeSnapshot(
        ValueContext context, SnapshotMemory memory, TreeImage image, ulong first, ulong last, IValueSink output)
        : base(output)
    {
        _context = context;
        _memory = memory;
        _image = image;
        _first = first;
        _last = last;
    }

    private NodeSnapshot? NextOne => Next as NodeSnapshot;

    public override bool Step()
    {
        for (int size = 0; size < PieceSize && TryFind(out ulong block);)
        {
            size += HandOverSome(block);
        }
        bool isLast = !TryFind(out _);
        CountObjects();
        return isLast;
    }

    public override void Release()
    {
        foreach (ulong block in _kept)
        {
            _context.Pinned.UnpinSaved(block, _memory.Lane);
        }
        _kept.Clear();
        _memory.AddObjects(-_objectBytes);
        _objectBytes = 0;
    }

    /// <summary>
    /// To be called before the block at the cursor, or one outside the tree with none, is changed or resized: if it is still to come for
    /// anybody, the owner gets another one like it.
    /// </summary>
    internal void BeforeChange(TreeCursor at, ref Link link)
    {
        ulong old = link.Address;
        if (!TryKeep(at, old))
        {
            return;
        }
        long size = _context.Heap.SizeOf(old);
        ulong copy = _context.Heap.Allocate(size);
        Native.Copy(old, copy, size);
        _context.Pinned.Free(old);
        link.Address = copy;
    }

    /// <summary>To be called before a block is freed by <see cref="PinnedBlocks.Free"/>; otherwise as <see cref="BeforeChange"/>.</summary>
    internal void BeforeFree(TreeCursor at, Link link) => TryKeep(at, link.Address);

    /// <summary>To be called before a block is put into the tree beside the cursor's one, or that one is taken out.</summary>
    internal void BeforeReshaping(TreeCursor at)
    {
        for (NodeSnapshot? snapshot = this; snapshot is not null; snapshot = snapshot.NextOne)
        {
            snapshot._image.BeforeReshaping(at);
            snapshot.CountObjects();
        }
    }

    /// <summary>The bytes of a node that was there.</summary>
    protected abstract ReadOnlySpan<byte> PackAt(ulong block);

    /// <summary>Hands over the whole node.</summary>
    protected abstract void HandOver(ulong block, ReadOnlySpan<byte> pack);

    /// <summary>Begins a node of which the sink wants these bytes in pieces; false if it has taken all of it.</summary>
    protected abstract bool TryBegin(ulong block, ReadOnlySpan<byte> pack, out Range text);

    /// <summary>All snapshots in the chain that are still to have the block pin it; false if there is none.</summary>
    private bool TryKeep(TreeCursor at, ulong block)
    {
        bool isKept = false;
        for (NodeSnapshot? snapshot = this; snapshot is not null; snapshot = snapshot.NextOne)
        {
            snapshot._image.BeforeChange(at);
            snapshot.CountObjects();
            if (snapshot.IsAwaited(block))
            {
                snapshot.Keep(block);
                isKept = true;
            }
        }
        return isKept;
    }

    private bool IsAwaited(ulong block) => block == _first || block == _last || _image.IsAwaited(block);

    /// <summary>The block whose turn it is; false after the last one.</summary>
    private bool TryFind(out ulong block)
    {
        if (_first != 0)
        {
            block = _first;
            return true;
        }
        if (_image.TryPeek(out block))
        {
            return true;
        }
        block = _last;
        return block != 0;
    }

    private int HandOverSome(ulong block)
    {
        ReadOnlySpan<byte> pack = PackAt(block);
        if (!_isOpen)
        {
            if (pack.Length <= ShortSizeMax || !TryBegin(block, pack, out Range text))
            {
                if (pack.Length <= ShortSizeMax)
                {
                    HandOver(block, pack);
                }
                GoOn(block);
                return pack.Length;
            }
            (_position, int length) = text.GetOffsetAndLength(pack.Length);
            _end = _position + length;
            _isOpen = true;
        }
        int size = Math.Min(PieceSize, _end - _position);
        Output.Text(pack.Slice(_position, size));
        _position += size;
        if (_position == _end)
        {
            Output.EndElement();
            _isOpen = false;
            GoOn(block);
        }
        return size;
    }

    private void GoOn(ulong block)
    {
        if (_first != 0)
        {
            _first = 0;
        }
        else if (_image.TryPeek(out _))
        {
            _image.Advance();
        }
        else
        {
            _last = 0;
        }
        if (_kept.Remove(block))
        {
            _context.Pinned.UnpinSaved(block, _memory.Lane);
        }
    }

    private void Keep(ulong block)
    {
        _context.Pinned.PinSaved(block, _memory.Lane);
        _kept.Add(block);
    }

    private void CountObjects()
    {
        long bytes = (_image.KnownCount + _kept.Count) * NotedSize;
        _memory.AddObjects(bytes - _objectBytes);
        _objectBytes = bytes;
    }
}
