namespace Bixbite.Lua.Text;

/// <summary>The reasons why a format's item is refused.</summary>
public enum FormatError : byte
{
    None,

    /// <summary>"invalid format (repeated flags)"</summary>
    RepeatedFlags,

    /// <summary>"invalid format (width or precision too long)"</summary>
    TooLong,
}

/// <summary>One item of a format: <c>%[flags][width][.precision]conversion</c>, as Lua's <c>string.format</c> takes it.</summary>
/// <param name="IsLeft">The flag <c>-</c>.</param>
/// <param name="HasPlus">The flag <c>+</c>.</param>
/// <param name="HasSpace">The flag space.</param>
/// <param name="IsAlternative">The flag <c>#</c>.</param>
/// <param name="HasZeros">The flag <c>0</c>.</param>
/// <param name="Width">At least so many bytes; 0 if none is given.</param>
/// <param name="Precision">-1 if none is given.</param>
/// <param name="Conversion">The letter; 0 where the format ends before it.</param>
public readonly record struct FormatSpec(
    bool IsLeft, bool HasPlus, bool HasSpace, bool IsAlternative, bool HasZeros, int Width, int Precision, byte Conversion)
{
    private const int FlagsMax = 5;
    private const int DigitsMax = 2;

    /// <summary>Reads the item after its percent sign and moves past it.</summary>
    public static FormatError Read(ReadOnlySpan<byte> format, ref int at, out FormatSpec spec)
    {
        spec = default;
        int flags = format[at..].IndexOfAnyExcept("-+ #0"u8);
        flags = flags < 0 ? format.Length - at : flags;
        if (flags > FlagsMax)
        {
            return FormatError.RepeatedFlags;
        }
        ReadOnlySpan<byte> given = format.Slice(at, flags);
        at += flags;
        int width = ReadDigits(format, ref at);
        int precision = -1;
        if (At(format, at) == '.')
        {
            at++;
            precision = ReadDigits(format, ref at);
        }
        byte conversion = At(format, at);
        if (ByteClass.IsDigit(conversion))
        {
            return FormatError.TooLong;
        }
        at++;
        spec = new FormatSpec(
            given.Contains((byte)'-'),
            given.Contains((byte)'+'),
            given.Contains((byte)' '),
            given.Contains((byte)'#'),
            given.Contains((byte)'0'),
            width,
            precision,
            conversion);
        return FormatError.None;
    }

    private static int ReadDigits(ReadOnlySpan<byte> format, ref int at)
    {
        int value = 0;
        for (int count = 0; count < DigitsMax && ByteClass.IsDigit(At(format, at)); count++)
        {
            value = value * 10 + format[at++] - '0';
        }
        return value;
    }

    private static byte At(ReadOnlySpan<byte> format, int at) => at < format.Length ? format[at] : (byte)0;
}
