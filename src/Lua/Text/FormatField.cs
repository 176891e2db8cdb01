using System.Buffers.Text;

namespace Bixbite.Lua.Text;

/// <summary>Values in the fields that a <see cref="FormatSpec"/> describes, byte for byte as C's printf writes them.</summary>
public static class FormatField
{
    private const int FloatPrecision = 6;
    private const int IntegerSizeMax = 22;

    /// <summary>Texts from this length on are not cut or padded, unless a precision is given.</summary>
    private const int LongText = 100;

    /// <summary>For the conversions d and i.</summary>
    public static void AddSigned(ByteBuffer into, in FormatSpec spec, long value)
    {
        Span<byte> digits = stackalloc byte[IntegerSizeMax];
        ulong magnitude = value < 0 ? unchecked(0 - (ulong)value) : (ulong)value;
        Utf8Formatter.TryFormat(magnitude, digits, out int count);
        AddInteger(into, spec, Sign(spec, value < 0), magnitude == 0, digits[..count]);
    }

    /// <summary>For the conversions o, u, x and X.</summary>
    public static void AddUnsigned(ByteBuffer into, in FormatSpec spec, ulong value)
    {
        Span<byte> digits = stackalloc byte[IntegerSizeMax];
        int count;
        switch (spec.Conversion)
        {
            case (byte)'o':
                count = WriteOctal(value, digits);
                ReadOnlySpan<byte> zero = spec.IsAlternative && value != 0 && spec.Precision <= count ? "0"u8 : [];
                AddInteger(into, spec, zero, value == 0 && !spec.IsAlternative, digits[..count]);
                break;
            case (byte)'u':
                Utf8Formatter.TryFormat(value, digits, out count);
                AddInteger(into, spec, [], value == 0, digits[..count]);
                break;
            default:
                bool isLower = spec.Conversion == 'x';
                Utf8Formatter.TryFormat(value, digits, out count, isLower ? 'x' : 'X');
                ReadOnlySpan<byte> prefix = !spec.IsAlternative || value == 0 ? [] : isLower ? "0x"u8 : "0X"u8;
                AddInteger(into, spec, prefix, value == 0, digits[..count]);
                break;
        }
    }

    /// <summary>For the conversions e, E, f, g and G.</summary>
    public static void AddFloat(ByteBuffer into, in FormatSpec spec, double value)
    {
        Span<byte> text = stackalloc byte[FloatFormat.SizeMax];
        bool isFinite = double.IsFinite(value);
        int count;
        if (isFinite)
        {
            int precision = spec.Precision < 0 ? FloatPrecision : spec.Precision;
            count = FloatFormat.Write(Math.Abs(value), spec.Conversion, precision, spec.IsAlternative, text);
        }
        else
        {
            count = FloatFormat.Word(value, text);
            if (ByteClass.IsUpper(spec.Conversion))
            {
                (double.IsNaN(value) ? "NAN"u8 : "INF"u8).CopyTo(text);
            }
        }
        AddPadded(into, spec, Sign(spec, double.IsNegative(value)), text[..count], spec.HasZeros && isFinite);
    }

    /// <summary>For the conversion c. As in C a NUL ends what is written.</summary>
    public static void AddCharacter(ByteBuffer into, in FormatSpec spec, byte value)
    {
        if (value != 0)
        {
            AddPadded(into, spec, [], [value], hasZeros: false);
        }
        else if (!spec.IsLeft && spec.Width > 1)
        {
            into.Add((byte)' ', spec.Width - 1);
        }
    }

    /// <summary>For the conversion s. As in C a NUL ends a text, unless the text is long and wanted whole.</summary>
    public static void AddText(ByteBuffer into, in FormatSpec spec, ReadOnlySpan<byte> text)
    {
        if (spec.Precision < 0 && text.Length >= LongText)
        {
            into.Add(text);
            return;
        }
        int end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        if (spec.Precision >= 0 && text.Length > spec.Precision)
        {
            text = text[..spec.Precision];
        }
        AddPadded(into, spec, [], text, hasZeros: false);
    }

    /// <summary>For the conversion q: a text that Lua reads back; the field has no width.</summary>
    public static void AddQuoted(ByteBuffer into, ReadOnlySpan<byte> text)
    {
        into.Add((byte)'"');
        while (!text.IsEmpty)
        {
            int plain = text.IndexOfAny("\"\\\n\r\0"u8);
            into.Add(plain < 0 ? text : text[..plain]);
            if (plain < 0)
            {
                break;
            }
            switch (text[plain])
            {
                case (byte)'\r':
                    into.Add("\\r"u8);
                    break;
                case 0:
                    into.Add("\\000"u8);
                    break;
                default:
                    into.Add((byte)'\\');
                    into.Add(text[plain]);
                    break;
            }
            text = text[(plain + 1)..];
        }
        into.Add((byte)'"');
    }

    private static ReadOnlySpan<byte> Sign(in FormatSpec spec, bool isNegative) =>
        isNegative ? "-"u8 : spec.HasPlus ? "+"u8 : spec.HasSpace ? " "u8 : [];

    private static int WriteOctal(ulong value, Span<byte> into)
    {
        int count = 0;
        do
        {
            into[count++] = (byte)('0' + (value & 7));
            value >>= 3;
        }
        while (value != 0);
        into[..count].Reverse();
        return count;
    }

    private static void AddInteger(ByteBuffer into, in FormatSpec spec, ReadOnlySpan<byte> prefix, bool isZero, ReadOnlySpan<byte> digits)
    {
        if (spec.Precision < 0)
        {
            AddPadded(into, spec, prefix, digits, spec.HasZeros);
            return;
        }
        if (spec.Precision == 0 && isZero)
        {
            digits = [];
        }
        Span<byte> text = stackalloc byte[128];
        int zeros = Math.Max(spec.Precision - digits.Length, 0);
        text[..zeros].Fill((byte)'0');
        digits.CopyTo(text[zeros..]);
        AddPadded(into, spec, prefix, text[..(zeros + digits.Length)], hasZeros: false);
    }

    private static void AddPadded(ByteBuffer into, in FormatSpec spec, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> text, bool hasZeros)
    {
        int padding = Math.Max(spec.Width - prefix.Length - text.Length, 0);
        if (padding > 0 && !spec.IsLeft && !hasZeros)
        {
            into.Add((byte)' ', padding);
        }
        into.Add(prefix);
        if (padding > 0 && !spec.IsLeft && hasZeros)
        {
            into.Add((byte)'0', padding);
        }
        into.Add(text);
        if (padding > 0 && spec.IsLeft)
        {
            into.Add((byte)' ', padding);
        }
    }
}
