using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Structures.Packed;

namespace Bixbite.Types.Streams;

/// <summary>The entries of one node, deleted ones too, forwards or backwards. Flags may be changed in place meanwhile.</summary>
internal ref struct NodeWalk
{
    private const byte SmallNumberMax = 127;

    private readonly ReadOnlySpan<byte> _pack;
    private readonly StreamId _masterId;
    private readonly int _masterFieldCount;
    private readonly int _masterFields;

    /// <summary>Where the next element of the current entry is that was not read, and how many fields are left.</summary>
    private int _position;
    private int _fieldsLeft;

    /// <summary>The next of the master's fields, or 0 where the entry has its own.</summary>
    private int _masterField;

    /// <param name="node">The node.</param>
    /// <param name="isBackward">Whether to begin behind the last entry, for <see cref="MovePrevious"/>.</param>
    internal NodeWalk(StreamNode node, bool isBackward)
    {
        _pack = node.Pack;
        _masterId = node.MasterId;
        _masterFieldCount = node.FieldCount;
        _masterFields = node.FieldsOffset;
        if (isBackward)
        {
            Start = Listpack.EndOffset(_pack);
            return;
        }
        // As if the master were an entry whose fields are left to read: the first move skips them.
        _position = node.FieldsOffset;
        _fieldsLeft = node.FieldCount;
        _masterField = node.FieldsOffset;
    }

    /// <summary>
    /// A walk that goes forwards from the first entry that does not come before the ID, and maybe some deleted ones before it. Where the
    /// IDs say that this is nearer to the end, it is sought from there: who reads what was added last has a short way.
    /// </summary>
    internal static NodeWalk From(StreamNode node, StreamId id)
    {
        var walk = new NodeWalk(node, isBackward: true);
        bool isBehindMaster = id > node.MasterId && walk.MovePrevious();
        if (isBehindMaster && IsNearerToLast(id, node.MasterId, walk.Id))
        {
            do
            {
                if (!walk.IsDeleted && walk.Id < id)
                {
                    return walk;
                }
            }
            while (walk.MovePrevious());
        }
        return new NodeWalk(node, isBackward: false);
    }

    internal StreamId Id { get; private set; }

    internal bool IsDeleted { get; private set; }

    /// <summary>How many fields, and values, the current entry has.</summary>
    internal int FieldCount { get; private set; }

    /// <summary>Where the current entry begins: at its flags.</summary>
    internal int Start { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool MoveNext()
    {
        int length = Listpack.Skip(_pack, _position, _masterField != 0 ? _fieldsLeft : 2 * _fieldsLeft);
        Start = Listpack.After(_pack, length);
        if (Start == Listpack.EndOffset(_pack))
        {
            _position = length;
            _fieldsLeft = 0;
            return false;
        }
        Read();
        return true;
    }

    internal bool MovePrevious()
    {
        int offset = Listpack.Previous(_pack, Start);
        int lengthOffset = offset;
        long length = TakeNumber(ref lengthOffset);
        if (length == 0)
        {
            return false;
        }
        for (; length > 0; length--)
        {
            offset = Listpack.Previous(_pack, offset);
        }
        Start = offset;
        Read();
        return true;
    }

    internal bool NextField(out ListpackEntry field, out ListpackEntry value)
    {
        if (_fieldsLeft == 0)
        {
            field = default;
            value = default;
            return false;
        }
        _fieldsLeft--;
        if (_masterField != 0)
        {
            field = Listpack.At(_pack, _masterField);
            _masterField = Listpack.After(_pack, _masterField);
        }
        else
        {
            field = Listpack.At(_pack, _position);
            _position = Listpack.After(_pack, _position);
        }
        value = Listpack.At(_pack, _position);
        _position = Listpack.After(_pack, _position);
        return true;
    }

    /// <summary>Whether an ID behind the first is nearer to the last, if the IDs between are spread evenly.</summary>
    private static bool IsNearerToLast(StreamId id, StreamId first, StreamId last) => id >= last || (first.Ms == last.Ms
        ? last.Sequence - id.Sequence <= id.Sequence - first.Sequence
        : last.Ms - id.Ms <= id.Ms - first.Ms);

    private void Read()
    {
        int offset = Start;
        long flags = TakeNumber(ref offset);
        long ms = TakeNumber(ref offset);
        long sequence = TakeNumber(ref offset);
        Id = new StreamId(unchecked(_masterId.Ms + (ulong)ms), unchecked(_masterId.Sequence + (ulong)sequence));
        IsDeleted = (flags & StreamNode.Deleted) != 0;
        if ((flags & StreamNode.SameFields) != 0)
        {
            FieldCount = _masterFieldCount;
            _masterField = _masterFields;
        }
        else
        {
            FieldCount = (int)TakeNumber(ref offset);
            _masterField = 0;
        }
        Debug.Assert(FieldCount >= 0, "The node was checked.");
        _position = offset;
        _fieldsLeft = FieldCount;
    }

    /// <summary>Numbers are mostly small: then the head is the number, and one byte follows it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly long TakeNumber(ref int offset)
    {
        byte head = _pack[offset];
        if (head <= SmallNumberMax)
        {
            offset += 2;
            return head;
        }
        long number = Listpack.At(_pack, offset).Integer;
        offset = Listpack.After(_pack, offset);
        return number;
    }
}
