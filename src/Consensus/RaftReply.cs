using System.Buffers.Binary;

namespace Bixbite.Consensus;

/// <summary>
/// The answer of a voter: its term, the number of the result, and the index of its last entry.
/// <code>
///   | term: 8 bytes | result: 1 byte | last index: 8 bytes |
/// </code>
/// </summary>
internal readonly record struct RaftReply(long Term, byte Result, long LastIndex = 0)
{
    private const int Size = (2 * sizeof(long)) + 1;

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Term);
        bytes[sizeof(long)] = Result;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long) + 1), LastIndex);
        return bytes;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out RaftReply reply)
    {
        reply = default;
        if (bytes.Length != Size)
        {
            return false;
        }
        reply = new RaftReply(
            BinaryPrimitives.ReadInt64LittleEndian(bytes),
            bytes[sizeof(long)],
            BinaryPrimitives.ReadInt64LittleEndian(bytes[(sizeof(long) + 1)..]));
        return reply is { Term: >= 0, LastIndex: >= 0 };
    }
}
