using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Structures.Text;

namespace Bixbite.Structures.Packed;

/// <summary>
/// An item to be written into a listpack: a text, or an integer where the text is one in its canonical form. The text is parsed
/// and the size computed once, before room is made.
/// </summary>
internal readonly ref struct ListpackItem
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly long _integer;
    private readonly int _body;
    private readonly bool _isInteger;

    internal ListpackItem(ReadOnlySpan<byte> text)
    {
        _text = text;
        _isInteger = Integers.TryParse(text, out _integer);
        _body = _isInteger ? BodyOf(_integer) : HeadSizeOf(text.Length) + text.Length;
    }

    internal ListpackItem(long integer)
    {
        _integer = integer;
        _isInteger = true;
        _body = BodyOf(integer);
    }

    /// <summary>The bytes of the entry, its backward size included.</summary>
    internal int Size => _body + ListpackEncoding.BackSizeOf(_body);

    internal ReadOnlySpan<byte> Text => _text;

    internal bool IsInteger => _isInteger;

    internal long Integer => _integer;

    /// <summary>Writes the entry, exactly <see cref="Size"/> bytes.</summary>
    internal void WriteTo(Span<byte> target)
    {
        Debug.Assert(target.Length == Size, "The room made is the size told.");
        if (_isInteger)
        {
            WriteInteger(target);
        }
        else
        {
            FreshPages.Copy(_text, target[WriteHead(target, _text.Length)..]);
        }

        if (_body <= 127)
        {
            target[_body] = (byte)_body;
        }
        else
        {
            ListpackEncoding.WriteBackSize(target[_body..], _body);
        }
    }

    /// <summary>Writes the head of a text and returns its size.</summary>
    internal static int WriteHead(Span<byte> target, int length)
    {
        if (length <= ListpackEncoding.ShortTextMax)
        {
            target[0] = (byte)(ListpackEncoding.ShortText | length);
            return 1;
        }
        if (length <= ListpackEncoding.MediumTextMax)
        {
            target[0] = (byte)(ListpackEncoding.MediumText | (length >> 8));
            target[1] = (byte)length;
            return 2;
        }
        target[0] = ListpackEncoding.LongText;
        BinaryPrimitives.WriteInt32LittleEndian(target[1..], length);
        return ListpackEncoding.LongTextHead;
    }

    private void WriteInteger(Span<byte> target)
    {
        switch (_body)
        {
            case 1:
                target[0] = (byte)_integer;
                break;
            case 2:
                target[0] = (byte)(ListpackEncoding.ShortInteger | ((_integer >> 8) & 0x1F));
                target[1] = (byte)_integer;
                break;
            case 3:
                target[0] = ListpackEncoding.Integer16;
                BinaryPrimitives.WriteInt16LittleEndian(target[1..], (short)_integer);
                break;
            case 4:
                target[0] = ListpackEncoding.Integer24;
                BinaryPrimitives.WriteInt16LittleEndian(target[1..], (short)_integer);
                target[3] = (byte)(_integer >> 16);
                break;
            case 5:
                target[0] = ListpackEncoding.Integer32;
                BinaryPrimitives.WriteInt32LittleEndian(target[1..], (int)_integer);
                break;
            default:
                target[0] = ListpackEncoding.Integer64;
                BinaryPrimitives.WriteInt64LittleEndian(target[1..], _integer);
                break;
        }
    }

    private static int HeadSizeOf(int length) =>
        length <= ListpackEncoding.ShortTextMax ? 1 : length <= ListpackEncoding.MediumTextMax ? 2 : ListpackEncoding.LongTextHead;

    private static int BodyOf(long integer)
    {
        if ((ulong)integer <= 127)
        {
            return 1;
        }
        if (Fits(integer, 13))
        {
            return 2;
        }
        if (Fits(integer, 16))
        {
            return 3;
        }
        if (Fits(integer, 24))
        {
            return 4;
        }
        return Fits(integer, 32) ? 5 : 9;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fits(long integer, int bits) => (integer << (64 - bits)) >> (64 - bits) == integer;
}
