using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Bixbite.Cluster.Document;

/// <summary>Writes documents and changes: numbers little-endian, names and lists behind their lengths.</summary>
public sealed class DocumentWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public void Byte(int value)
    {
        _bytes.GetSpan(1)[0] = checked((byte)value);
        _bytes.Advance(1);
    }

    public void Short(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.GetSpan(2), checked((ushort)value));
        _bytes.Advance(2);
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }

    public void Id(ClusterId id)
    {
        id.Write(_bytes.GetSpan(ClusterId.Size));
        _bytes.Advance(ClusterId.Size);
    }

    /// <summary>A name of printable ASCII, as <see cref="NodeAddress.IsValid"/> demands.</summary>
    public void Name(string name)
    {
        Byte(name.Length);
        _bytes.Advance(Encoding.ASCII.GetBytes(name, _bytes.GetSpan(name.Length)));
    }

    public void Slots(SlotSet slots)
    {
        Short(slots.Ranges.Length);
        foreach (SlotRange range in slots.Ranges)
        {
            Short(range.First);
            Short(range.Last);
        }
    }
}
