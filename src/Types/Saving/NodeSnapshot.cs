using Bixbite.Memory;

namespace Bixbite.Types.Saving;

/// <summary>
/// A large list or stream as it was when a snapshot began: its nodes' blocks, in order, which are handed over one after the other. A block
/// that is still to come stays as it is: who is about to change it goes on in a copy, and who frees it leaves it to the snapshot.
/// <code>
///   blocks    | handed over ..... | block | block, kept | block | block |  what was added since
///                                 ^ next    ^ pinned: nobody else's any more
/// </code>
/// </summary>
internal abstract class NodeSnapshot(ValueContext context, ulong[] blocks, IValueSink output) : ValueSnapshot(output)
{
    /// <summary>Longer nodes, which have one element, go out in pieces.</summary>
    private const int ShortSizeMax = 1 << 20;

    private readonly HashSet<ulong> _kept = [];
    private bool _isOpen;
    private int _position;
    private int _end;

    /// <summary>The block that is handed over next.</summary>
    protected int NextIndex { get; private set; }

    protected ReadOnlySpan<ulong> Blocks => blocks;

    /// <summary>For the constructors below, which fill in the blocks.</summary>
    protected ref ulong BlockAt(int index) => ref blocks[index];

    public override bool Step()
    {
        for (int size = 0; size < PieceSize && NextIndex < blocks.Length;)
        {
            size += HandOverSome();
        }
        return NextIndex == blocks.Length;
    }

    public override void Release()
    {
        foreach (ulong block in _kept)
        {
            context.Pinned.UnpinSaved(block);
        }
        _kept.Clear();
    }

    /// <summary>To be called before the block is changed or moved: if it is still to come, the owner gets another one like it.</summary>
    internal void BeforeChange(ref Link link)
    {
        if (!IsAwaited(link))
        {
            return;
        }
        ulong old = link.Address;
        long size = context.Heap.SizeOf(old);
        ulong copy = context.Heap.Allocate(size);
        Native.Copy(old, copy, size);
        Keep(old);
        context.Pinned.Free(old);
        link.Address = copy;
    }

    /// <summary>To be called before a block is freed by <see cref="PinnedBlocks.Free"/>.</summary>
    internal void BeforeFree(Link link)
    {
        if (IsAwaited(link))
        {
            Keep(link.Address);
        }
    }

    /// <summary>Whether the block is still to be handed over.</summary>
    protected abstract bool IsAwaited(Link link);

    protected abstract ReadOnlySpan<byte> PackAt(int index);

    /// <summary>Hands over the whole node.</summary>
    protected abstract void HandOver(ReadOnlySpan<byte> pack);

    /// <summary>Begins a node of which the sink wants these bytes in pieces; false if it has taken all of it.</summary>
    protected abstract bool TryBegin(ReadOnlySpan<byte> pack, out Range text);

    private int HandOverSome()
    {
        ReadOnlySpan<byte> pack = PackAt(NextIndex);
        if (!_isOpen)
        {
            if (pack.Length <= ShortSizeMax || !TryBegin(pack, out Range text))
            {
                if (pack.Length <= ShortSizeMax)
                {
                    HandOver(pack);
                }
                GoOn();
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
            GoOn();
        }
        return size;
    }

    private void GoOn()
    {
        ulong block = blocks[NextIndex];
        NextIndex++;
        if (_kept.Remove(block))
        {
            context.Pinned.UnpinSaved(block);
        }
    }

    private void Keep(ulong block)
    {
        context.Pinned.PinSaved(block);
        _kept.Add(block);
    }
}
