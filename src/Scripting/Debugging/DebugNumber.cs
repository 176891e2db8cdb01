namespace Bixbite.Scripting.Debugging;

/// <summary>Numbers as C's <c>atoi</c> reads them.</summary>
internal static class DebugNumber
{
    /// <summary>The number with which a text begins, after blanks; 0 if it begins with none.</summary>
    public static int Leading(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\n\v\f\r"u8);
        bool isNegative = text.StartsWith("-"u8);
        text = isNegative || text.StartsWith("+"u8) ? text[1..] : text;
        long number = 0;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9' || number > int.MaxValue)
            {
                break;
            }
            number = number * 10 + digit - '0';
        }
        return (int)Math.Clamp(isNegative ? -number : number, int.MinValue, int.MaxValue);
    }
}
