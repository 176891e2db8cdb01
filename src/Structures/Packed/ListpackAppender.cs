using System.Buffers.Binary;

namespace Bixbite.Structures.Packed;

/// <summary>
/// Puts many entries behind those of a listpack in one go: the header is written once, by <see cref="Finish"/>, and until then the bytes
/// are none. The room begins with the listpack and has enough spare bytes behind it for all that is added
/// (<see cref="ListpackEnds.EntrySizeMax"/>).
/// </summary>
public ref struct ListpackAppender(Span<byte> room)
{
    private readonly Span<byte> _room = room;
    private int _end = Listpack.EndOffset(room);
    private int _count;

    public void Add(ReadOnlySpan<byte> text) => Add(new ListpackItem(text));

    public void Add(long integer) => Add(new ListpackItem(integer));

    public readonly void Finish()
    {
        _room[_end] = ListpackEncoding.End;
        BinaryPrimitives.WriteInt32LittleEndian(_room, _end + 1);
        Span<byte> countField = _room[Listpack.CountOffset..];
        int count = BinaryPrimitives.ReadUInt16LittleEndian(countField);
        if (count != Listpack.CountUnknown)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(countField, (ushort)Math.Min(count + _count, Listpack.CountUnknown));
        }
    }

    private void Add(in ListpackItem item)
    {
        item.WriteTo(_room.Slice(_end, item.Size));
        _end += item.Size;
        _count++;
    }
}
