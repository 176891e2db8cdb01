using System.Buffers.Binary;
using System.Text;

namespace Bixbite.Wire.Telemetry;

/// <summary>A message of Protocol Buffers by the numbers of its fields: https://protobuf.dev/programming-guides/encoding.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, ulong Number, byte[]? Bytes)> _fields = [];

    public ProtoMessage(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            ulong key = ReadVarint(ref bytes);
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((field, ReadVarint(ref bytes), null));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(bytes), null));
                    bytes = bytes[8..];
                    break;
                case 2:
                    int length = (int)ReadVarint(ref bytes);
                    _fields.Add((field, 0, bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(bytes), null));
                    bytes = bytes[4..];
                    break;
                default:
                    throw new InvalidDataException($"A field of type {key & 7}.");
            }
        }
    }

    public IEnumerable<ProtoMessage> All(int field) =>
        _fields.Where(candidate => candidate.Field == field).Select(static found => new ProtoMessage(found.Bytes));

    public bool Has(int field) => _fields.Exists(candidate => candidate.Field == field);

    public ProtoMessage Message(int field) => All(field).First();

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public string Hex(int field) => Has(field) ? Convert.ToHexString(Bytes(field)) : "";

    public long Number(int field) => (long)_fields.Find(candidate => candidate.Field == field).Number;

    public double Double(int field) => BitConverter.Int64BitsToDouble(Number(field));

    private byte[] Bytes(int field) => _fields.Find(candidate => candidate.Field == field).Bytes ?? [];

    private static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }
    }
}
