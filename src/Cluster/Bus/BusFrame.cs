using System.Buffers.Binary;

namespace Bixbite.Cluster.Bus;

/// <summary>The number by which a frame is told what it carries. A number is never used for something else.</summary>
public enum BusKind : byte
{
    /// <summary>The first frame of both sides.</summary>
    Hello = 1,

    /// <summary>The second: that its sender knows the secret of the cluster.</summary>
    Proof = 2,

    /// <summary>A question that wants an answer of the same number.</summary>
    Ask = 3,
    Answer = 4,

    /// <summary>A question has no answer here.</summary>
    NoAnswer = 5,

    /// <summary>A message that wants no answer.</summary>
    Tell = 6,
}

/// <summary>
/// One frame between two nodes. Numbers are little-endian.
/// <code>
///   | length of what follows: 4 bytes | kind: 1 byte | topic: 1 byte | number: 8 bytes | payload |
/// </code>
/// </summary>
/// <param name="Kind">What the bus does with it.</param>
/// <param name="Topic">What the payload is about; the bus does not know.</param>
/// <param name="Number">Joins a question with its answer.</param>
/// <param name="Payload">Not more than <see cref="PayloadMax"/>.</param>
public readonly record struct BusFrame(BusKind Kind, byte Topic, long Number, ReadOnlyMemory<byte> Payload)
{
    public const int LengthSize = sizeof(int);
    public const int HeadSize = LengthSize + 2 + sizeof(long);

    /// <summary>Bytes that a payload may have: the document of the largest cluster, and some more.</summary>
    public const int PayloadMax = 16 * 1024 * 1024;

    /// <summary>Bytes of a payload before its sender has proved who it is.</summary>
    public const int FirstPayloadMax = 1024;

    public int Size => HeadSize + Payload.Length;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, Size - LengthSize);
        target[LengthSize] = (byte)Kind;
        target[LengthSize + 1] = Topic;
        BinaryPrimitives.WriteInt64LittleEndian(target[(LengthSize + 2)..], Number);
        Payload.Span.CopyTo(target[HeadSize..]);
    }

    /// <summary>
    /// Reads a frame from the start of what a peer sent. False if it is not whole, with the bytes that it needs; these are 0 if it will
    /// never be one.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, int payloadMax, out BusFrame frame, out int needed)
    {
        frame = default;
        needed = HeadSize;
        if (bytes.Length < LengthSize)
        {
            return false;
        }
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
        if (length < HeadSize - LengthSize || length > payloadMax + HeadSize - LengthSize)
        {
            needed = 0;
            return false;
        }
        needed = LengthSize + length;
        if (bytes.Length < needed)
        {
            return false;
        }
        ReadOnlySpan<byte> head = bytes.Span;
        frame = new BusFrame(
            (BusKind)head[LengthSize],
            head[LengthSize + 1],
            BinaryPrimitives.ReadInt64LittleEndian(head[(LengthSize + 2)..]),
            bytes[HeadSize..needed]);
        if (frame.Kind is < BusKind.Hello or > BusKind.Tell)
        {
            needed = 0;
            return false;
        }
        return true;
    }
}
