using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Structures.Packed;

namespace Bixbite.Types.Streams;

/// <summary>The entries of one node, deleted ones too, forwards or backwards. Flags may be changed in place meanwhile.</summary>
internal ref struct NodeWalk
{
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
        long length = Listpack.At(_pack, offset).Integer;
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

    private void Read()
    {
        int offset = Start;
        long flags = Listpack.At(_pack, offset).Integer;
        offset = Listpack.After(_pack, offset);
        long ms = Listpack.At(_pack, offset).Integer;
        offset = Listpack.After(_pack, offset);
        long sequence = Listpack.At(_pack, offset).Integer;
        offset = Listpack.After(_pack, offset);
        Id = new StreamId(unchecked(_masterId.Ms + (ulong)ms), unchecked(_masterId.Sequence + (ulong)sequence));
        IsDeleted = (flags & StreamNode.Deleted) != 0;
        if ((flags & StreamNode.SameFields) != 0)
        {
            FieldCount = _masterFieldCount;
            _masterField = _masterFields;
        }
        else
        {
            FieldCount = (int)Listpack.At(_pack, offset).Integer;
            _masterField = 0;
            offset = Listpack.After(_pack, offset);
        }
        Debug.Assert(FieldCount >= 0, "The node was checked.");
        _position = offset;
        _fieldsLeft = FieldCount;
    }
}
