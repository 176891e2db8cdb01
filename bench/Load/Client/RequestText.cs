using System.Diagnostics;

namespace Bixbite.Load.Client;

/// <summary>Composes requests in a buffer of the caller's, without a temporary object.</summary>
internal ref struct RequestText(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    public int Size { get; private set; }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_target[Size..]);
        Size += bytes.Length;
    }

    /// <summary>A bulk string of <paramref name="prefix"/> and the number in exactly <paramref name="digitCount"/> digits.</summary>
    public void Bulk(ReadOnlySpan<byte> prefix, long number, int digitCount)
    {
        Header(prefix.Length + digitCount);
        Raw(prefix);
        Digits(number, digitCount);
        Raw("\r\n"u8);
    }

    public void Bulk(ReadOnlySpan<byte> bytes)
    {
        Header(bytes.Length);
        Raw(bytes);
        Raw("\r\n"u8);
    }

    private void Header(int length)
    {
        Debug.Assert(length < 10_000);
        Raw("$"u8);
        Digits(length, length < 10 ? 1 : length < 100 ? 2 : length < 1000 ? 3 : 4);
        Raw("\r\n"u8);
    }

    private void Digits(long number, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            (number, long digit) = Math.DivRem(number, 10);
            _target[Size + i] = (byte)('0' + digit);
        }

        Size += count;
    }
}
