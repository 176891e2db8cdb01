using Bixbite.Lua.Text;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Conversions;

/// <summary>Numbers as arguments of commands: C's <c>%.17g</c>.</summary>
internal static class ArgumentNumber
{
    public const int SizeMax = 32;

    private const int Precision = 17;

    /// <summary>Whole numbers below have all their digits in both forms.</summary>
    private const double WholeMax = 1e15;

    /// <summary>Writes the number and returns its size.</summary>
    public static int Write(double value, Span<byte> into)
    {
        bool isWhole = Math.Abs(value) < WholeMax && (long)value == value && (value != 0 || !double.IsNegative(value));
        return isWhole ? Integers.Format((long)value, into) : NumberText.Write(value, Precision, into);
    }
}
