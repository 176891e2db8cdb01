using Bixbite.Structures.Packed;

namespace Bixbite.Types.Lists;

/// <summary>
/// A list of byte strings, opened over its slot: one listpack as long as that holds what a node may hold, then a chain of nodes, which
/// becomes one listpack again when removing or replacing elements leaves one node that is at most half full. Indices count from the left,
/// from 0.
/// </summary>
public readonly ref struct ListValue(ValueSlot slot)
{
    private readonly ValueSlot _slot = slot;

    public long Count => IsPacked ? Listpack.Count(Pack) : Chain.Count;

    public bool IsEmpty => IsPacked ? Listpack.First(Pack) == 0 : Chain.IsEmpty;

    private bool IsPacked => _slot.Layout == ValueLayout.Listpack;

    private ReadOnlySpan<byte> Pack => Listpack.Pack(_slot.Packed);

    private NodeChain Chain => new(_slot.Context, _slot.Root, _slot.Saving as ListSnapshot);

    /// <summary>Before elements are added: leaves the listpack if it could get too big. The length is the sum of the elements'.</summary>
    public void Expect(long count, long length)
    {
        if (!IsPacked)
        {
            return;
        }
        ReadOnlySpan<byte> pack = Pack;
        if (new NodeLimit(_slot.Context.Limits.ListNodeFill).IsExceededBy(pack.Length + length, Listpack.Count(pack) + count))
        {
            BecomeChain();
        }
    }

    /// <summary>Adds an element that was announced to <see cref="Expect"/>.</summary>
    public void Push(ListEnd end, ReadOnlySpan<byte> text)
    {
        switch (IsPacked, end)
        {
            case (true, ListEnd.Left):
                Listpack.Prepend(_slot.Packed, text);
                break;
            case (true, ListEnd.Right):
                Listpack.Append(_slot.Packed, text);
                break;
            case (false, ListEnd.Left):
                Chain.PushLeft(text);
                break;
            case (false, ListEnd.Right):
                Chain.PushRight(text);
                break;
        }
    }

    /// <summary>Adds an element on the right.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        Expect(1, text.Length);
        Push(ListEnd.Right, text);
    }

    /// <summary>The element at an end of a list that is not empty; valid until the next change.</summary>
    public ListpackEntry Peek(ListEnd end)
    {
        ReadOnlySpan<byte> pack = PackAt(end);
        return Listpack.At(pack, end == ListEnd.Left ? Listpack.First(pack) : Listpack.Last(pack));
    }

    /// <summary>Removes elements from an end, as many as there are at most.</summary>
    public void Drop(ListEnd end, long count)
    {
        if (!IsPacked)
        {
            DropFromChain(end, count);
            LeaveChain();
            return;
        }
        ReadOnlySpan<byte> pack = Pack;
        int dropped = (int)Math.Min(count, Listpack.Count(pack));
        if (dropped > 0)
        {
            Listpack.Remove(_slot.Packed, Listpack.Seek(pack, end == ListEnd.Left ? 0 : -dropped), dropped);
        }
    }

    /// <summary>So many elements from this index on, which there must be; backwards towards the left.</summary>
    public ListReader Read(long index, long count, bool isBackward = false) =>
        IsPacked ? new ListReader(Pack, (int)index, count, isBackward) : new ListReader(Chain, index, count, isBackward);

    /// <summary>Puts another element in the place of the one with this index, which there must be.</summary>
    public void Replace(long index, ReadOnlySpan<byte> text)
    {
        Expect(1, text.Length);
        if (IsPacked)
        {
            Listpack.Replace(_slot.Packed, Listpack.Seek(Pack, (int)index), text);
        }
        else
        {
            NodeEditing.Replace(Chain, index, text);
            LeaveChain();
        }
    }

    /// <summary>Inserts an element before or behind the leftmost one that equals the pivot; false if none does.</summary>
    public bool TryInsert(ReadOnlySpan<byte> pivot, bool isBehind, ReadOnlySpan<byte> text)
    {
        Expect(1, text.Length);
        if (!IsPacked)
        {
            NodeChain chain = Chain;
            long index = NodeEditing.IndexOf(chain, pivot);
            if (index >= 0)
            {
                NodeEditing.Insert(chain, isBehind ? index + 1 : index, text);
            }
            return index >= 0;
        }
        ReadOnlySpan<byte> pack = Pack;
        int offset = PackEditing.Find(pack, pivot);
        if (offset != 0)
        {
            int next = isBehind ? Listpack.Next(pack, offset) : offset;
            if (next == 0)
            {
                Listpack.Append(_slot.Packed, text);
            }
            else
            {
                Listpack.Insert(_slot.Packed, next, text);
            }
        }
        return offset != 0;
    }

    /// <summary>Removes up to so many elements that equal the text, beginning at one end; returns how many.</summary>
    public long RemoveEqual(ReadOnlySpan<byte> text, long countMax, ListEnd from)
    {
        if (IsPacked)
        {
            return PackEditing.RemoveEqual(_slot.Packed, text, countMax, from);
        }
        long removed = NodeEditing.RemoveEqual(Chain, text, countMax, from);
        if (removed > 0)
        {
            LeaveChain();
        }
        return removed;
    }

    /// <summary>Takes an element, which the text is a copy of, from one end and puts it to the other.</summary>
    public void Rotate(ListEnd from, ListEnd to, ReadOnlySpan<byte> text)
    {
        if (IsPacked)
        {
            Drop(from, 1);
            Expect(1, text.Length);
        }
        else
        {
            DropFromChain(from, 1);
        }
        Push(to, text);
        if (!IsPacked)
        {
            LeaveChain();
        }
    }

    /// <summary>The list's listpacks from left to right, as they are stored; only the last may be empty.</summary>
    public ListNodeReader Nodes() => IsPacked ? new ListNodeReader(Pack) : new ListNodeReader(Chain);

    /// <summary>
    /// Adds all elements of a valid listpack on the right, as a node where it is big enough for one. For building lists from what was
    /// stored in that form.
    /// </summary>
    public void AppendNode(ReadOnlySpan<byte> pack)
    {
        int count = Listpack.Count(pack);
        if (count == 0)
        {
            return;
        }
        Expect(count, pack.Length - Listpack.EmptySize);
        if (!IsPacked)
        {
            Chain.AppendNode(NodeChain.CopyOf(_slot.Context.Heap, pack));
            return;
        }
        Listpack.InsertEntries(_slot.Packed, Listpack.EndOffset(Pack), Listpack.Entries(pack), count);
    }

    private void DropFromChain(ListEnd end, long count)
    {
        if (end == ListEnd.Left)
        {
            Chain.DropLeft(count);
        }
        else
        {
            Chain.DropRight(count);
        }
    }

    private ReadOnlySpan<byte> PackAt(ListEnd end)
    {
        if (IsPacked)
        {
            return Pack;
        }
        NodeChain chain = Chain;
        return chain.PackAt(end == ListEnd.Left ? chain.First : chain.Last);
    }

    /// <summary>
    /// Becomes one listpack again where one node is left that is at most half full, so that a list around the limit does not change to and
    /// fro. Not while a snapshot is still to have the list in pieces: a later removal does it then.
    /// </summary>
    private void LeaveChain()
    {
        NodeChain chain = Chain;
        if (chain.NodeCount != 1 || chain.IsSaved)
        {
            return;
        }
        ReadOnlySpan<byte> pack = chain.PackAt(chain.First);
        if (!chain.Limit.IsHalfEnoughFor(pack.Length, Listpack.Count(pack)))
        {
            return;
        }
        ulong root = _slot.Root;
        pack.CopyTo(_slot.BecomePacked(ValueLayout.Listpack, pack.Length).Bytes(pack.Length));
        ListRoot.Free(_slot.Context, root);
    }

    private void BecomeChain()
    {
        ReadOnlySpan<byte> pack = Pack;
        ulong head = Listpack.First(pack) == 0 ? 0 : NodeChain.CopyOf(_slot.Context.Heap, pack);
        _slot.BecomeRoot(ListRoot.Create(_slot.Context.Heap, head));
    }
}
