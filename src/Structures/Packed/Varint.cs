namespace Bixbite.Structures.Packed;

/// <summary>
/// A number in as many bytes as it needs: seven bits a byte, the lowest first, the top bit set in all but the last.
/// </summary>
public static class Varint
{
    /// <summary>The most bytes that a number takes.</summary>
    public const int SizeMax = 10;

    private const byte More = 0x80;
    private const int BitsPerByte = 7;

    public static int SizeOf(ulong value)
    {
        int size = 1;
        for (; value >= More; value >>= BitsPerByte)
        {
            size++;
        }
        return size;
    }

    /// <summary>Writes the number at the beginning and returns its size.</summary>
    public static int Write(Span<byte> target, ulong value)
    {
        int size = 0;
        for (; value >= More; value >>= BitsPerByte)
        {
            target[size++] = (byte)(value | More);
        }
        target[size++] = (byte)value;
        return size;
    }

    /// <summary>Reads the number at the beginning, which must be one that was written, and tells its size.</summary>
    public static ulong Read(ReadOnlySpan<byte> source, out int size)
    {
        ulong value = 0;
        size = 0;
        byte next;
        do
        {
            next = source[size];
            value |= (ulong)(next & ~More) << (size * BitsPerByte);
            size++;
        }
        while (next >= More);
        return value;
    }
}
