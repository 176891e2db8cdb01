namespace Bixbite.Lua.Bytecode;

/// <summary>Arithmetic where it differs from the processor's.</summary>
internal static class LuaArithmetic
{
    /// <summary>The rest of the division rounded down: it has the divisor's sign.</summary>
    public static double Modulo(double left, double right) => left - Math.Floor(left / right) * right;
}
