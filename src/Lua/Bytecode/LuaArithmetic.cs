namespace Bixbite.Lua.Bytecode;

/// <summary>Arithmetic where it differs from the processor's.</summary>
internal static class LuaArithmetic
{
    /// <summary>Below, a conversion to an integer and back drops the fraction and nothing else.</summary>
    private const double ExactMax = 1L << 52;

    /// <summary>The rest of the division rounded down: it has the divisor's sign.</summary>
    public static double Modulo(double left, double right)
    {
        double quotient = left / right;
        if (Math.Abs(quotient) < ExactMax)
        {
            double whole = double.ConvertToIntegerNative<long>(quotient);

            // The integer has lost the sign of a zero; by C's floor the rest is never minus zero.
            return left - (whole > quotient ? whole - 1 : whole) * right + 0.0;
        }
        return left - Math.Floor(quotient) * right;
    }
}
