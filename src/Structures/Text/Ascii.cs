using System.Diagnostics;

namespace Bixbite.Structures.Text;

/// <summary>Letters of the protocol: case is folded for A to Z alone, every other byte stands for itself.</summary>
public static class Ascii
{
    /// <summary>Whether the two are the same but for the case of their ASCII letters.</summary>
    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && ToLower(left[i]) != ToLower(right[i]))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>As strcasecmp: negative, zero or positive by the lower-cased bytes, then by length.</summary>
    public static int CompareIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int shared = Math.Min(left.Length, right.Length);
        for (int i = 0; i < shared; i++)
        {
            int difference = ToLower(left[i]) - ToLower(right[i]);
            if (difference != 0)
            {
                return difference;
            }
        }
        return left.Length - right.Length;
    }

    public static byte ToLower(byte letter) => (uint)letter - 'A' <= 'Z' - 'A' ? (byte)(letter | 0x20) : letter;

    public static byte ToUpper(byte letter) => (uint)letter - 'a' <= 'z' - 'a' ? (byte)(letter & ~0x20) : letter;

    /// <summary>Writes the lower-cased text; source and destination may be the same memory.</summary>
    public static void ToLower(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        Debug.Assert(destination.Length >= text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            destination[i] = ToLower(text[i]);
        }
    }

    /// <summary>Writes the upper-cased text; source and destination may be the same memory.</summary>
    public static void ToUpper(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        Debug.Assert(destination.Length >= text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            destination[i] = ToUpper(text[i]);
        }
    }

    /// <summary>Space, tab, line feed, vertical tab, form feed, carriage return: isspace of the C locale.</summary>
    public static bool IsSpace(byte letter) => letter == ' ' || (uint)letter - '\t' <= '\r' - '\t';

    public static bool IsPrintable(byte letter) => (uint)letter - ' ' <= '~' - ' ';

    public static bool IsDigit(byte letter) => (uint)letter - '0' <= 9;

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int HexValue(byte letter)
    {
        if (IsDigit(letter))
        {
            return letter - '0';
        }
        uint offset = (uint)(letter | 0x20) - 'a';
        return offset < 6 ? (int)offset + 10 : -1;
    }
}
