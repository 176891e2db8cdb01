using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>The table <c>math</c>. Random numbers come from a generator that belongs to the machine.</summary>
public sealed class MathLibrary
{
    private readonly RandomSequence _random;

    private MathLibrary(RandomSequence random) => _random = random;

    /// <summary>Opens the library with a generator, which the host may seed again at any time.</summary>
    public static void Open(LuaMachine machine, RandomSequence random)
    {
        LuaTable table = machine.Memory.NewTable();
        AddFunctions(machine, table);
        MathLibrary library = new(random);
        machine.Register(table, "random", library.Random);
        machine.Register(table, "randomseed", library.RandomSeed);
        table.Set(machine.Strings.Get("pi"), Math.PI);
        table.Set(machine.Strings.Get("huge"), double.PositiveInfinity);
        table.Set(machine.Strings.Get("mod"), table.Get(machine.Strings.Get("fmod")));
        machine.Globals.Set(machine.Strings.Get("math"), table);
    }

    private static void AddFunctions(LuaMachine machine, LuaTable table)
    {
        machine.Register(table, "abs", (in call) => call.Return(Math.Abs(call.CheckNumber(0))));
        machine.Register(table, "acos", (in call) => call.Return(Math.Acos(call.CheckNumber(0))));
        machine.Register(table, "asin", (in call) => call.Return(Math.Asin(call.CheckNumber(0))));
        machine.Register(table, "atan", (in call) => call.Return(Math.Atan(call.CheckNumber(0))));
        machine.Register(table, "atan2", (in call) => call.Return(Math.Atan2(call.CheckNumber(0), call.CheckNumber(1))));
        machine.Register(table, "ceil", (in call) => call.Return(Math.Ceiling(call.CheckNumber(0))));
        machine.Register(table, "cos", (in call) => call.Return(Math.Cos(call.CheckNumber(0))));
        machine.Register(table, "cosh", (in call) => call.Return(Math.Cosh(call.CheckNumber(0))));
        machine.Register(table, "deg", (in call) => call.Return(call.CheckNumber(0) / (Math.PI / 180.0)));
        machine.Register(table, "exp", (in call) => call.Return(Math.Exp(call.CheckNumber(0))));
        machine.Register(table, "floor", (in call) => call.Return(Math.Floor(call.CheckNumber(0))));
        machine.Register(table, "fmod", (in call) => call.Return(call.CheckNumber(0) % call.CheckNumber(1)));
        machine.Register(table, "frexp", Frexp);
        machine.Register(table, "ldexp", (in call) => call.Return(Math.ScaleB(call.CheckNumber(0), call.CheckInt(1))));
        machine.Register(table, "log", (in call) => call.Return(Math.Log(call.CheckNumber(0))));
        machine.Register(table, "log10", (in call) => call.Return(Math.Log10(call.CheckNumber(0))));
        machine.Register(table, "max", Max);
        machine.Register(table, "min", Min);
        machine.Register(table, "modf", Modf);
        machine.Register(table, "pow", (in call) => call.Return(Math.Pow(call.CheckNumber(0), call.CheckNumber(1))));
        machine.Register(table, "rad", (in call) => call.Return(call.CheckNumber(0) * (Math.PI / 180.0)));
        machine.Register(table, "sin", (in call) => call.Return(Math.Sin(call.CheckNumber(0))));
        machine.Register(table, "sinh", (in call) => call.Return(Math.Sinh(call.CheckNumber(0))));
        machine.Register(table, "sqrt", (in call) => call.Return(Math.Sqrt(call.CheckNumber(0))));
        machine.Register(table, "tan", (in call) => call.Return(Math.Tan(call.CheckNumber(0))));
        machine.Register(table, "tanh", (in call) => call.Return(Math.Tanh(call.CheckNumber(0))));
    }

    private static HostStep Max(in HostCall call)
    {
        double result = call.CheckNumber(0);
        for (int index = 1; index < call.Count; index++)
        {
            double other = call.CheckNumber(index);
            result = other > result ? other : result;
        }
        return call.Return(result);
    }

    private static HostStep Min(in HostCall call)
    {
        double result = call.CheckNumber(0);
        for (int index = 1; index < call.Count; index++)
        {
            double other = call.CheckNumber(index);
            result = other < result ? other : result;
        }
        return call.Return(result);
    }

    private static HostStep Modf(in HostCall call)
    {
        double value = call.CheckNumber(0);
        double whole = Math.Truncate(value);
        return call.Return(whole, Math.CopySign(double.IsInfinity(value) ? 0 : value - whole, value));
    }

    /// <summary>The number as a fraction from 0.5 up to 1, and the power of two to scale it with.</summary>
    private static HostStep Frexp(in HostCall call)
    {
        double value = call.CheckNumber(0);
        if (value == 0 || !double.IsFinite(value))
        {
            return call.Return(value, 0.0);
        }
        int exponent = Math.ILogB(value) + 1;

        // In two steps, since the power alone may lie outside of what a double holds.
        double half = Math.ScaleB(value, -(exponent / 2));
        return call.Return(Math.ScaleB(half, -(exponent - exponent / 2)), (double)exponent);
    }

    private HostStep Random(in HostCall call)
    {
        double random = _random.Next();
        switch (call.Count)
        {
            case 0:
                return call.Return(random);
            case 1:
                int upTo = call.CheckInt(0);
                if (upTo < 1)
                {
                    throw call.ArgumentError(0, "interval is empty");
                }
                return call.Return(Math.Floor(random * upTo) + 1);
            case 2:
                int low = call.CheckInt(0);
                int high = call.CheckInt(1);
                if (low > high)
                {
                    throw call.ArgumentError(1, "interval is empty");
                }
                return call.Return(Math.Floor(random * unchecked(high - low + 1)) + low);
            default:
                throw call.Error("wrong number of arguments");
        }
    }

    private HostStep RandomSeed(in HostCall call)
    {
        _random.Seed(call.CheckInt(0));
        return call.Return();
    }
}
