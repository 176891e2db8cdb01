using System.Buffers.Binary;
using System.Numerics;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>The table <c>bit</c> of Lua BitOp: operations on numbers taken as 32 bits, whose results are signed.</summary>
public static class BitLibrary
{
    /// <summary>Added to a double, it leaves the number's integer part, rounded and wrapped, in the lowest bits.</summary>
    private const double Wrap = 6755399441055744.0;

    private const int HexDigitsMax = 8;

    public static void Open(LuaMachine machine)
    {
        LuaTable table = machine.Memory.NewTable();
        machine.Register(table, "tobit", (in call) => Result(call, Bits(call, 0)));
        machine.Register(table, "bnot", (in call) => Result(call, ~Bits(call, 0)));
        machine.Register(table, "band", And);
        machine.Register(table, "bor", Or);
        machine.Register(table, "bxor", Xor);
        machine.Register(table, "lshift", (in call) => Result(call, Bits(call, 0) << Count(call)));
        machine.Register(table, "rshift", (in call) => Result(call, Bits(call, 0) >> Count(call)));
        machine.Register(table, "arshift", (in call) => Result(call, (uint)((int)Bits(call, 0) >> Count(call))));
        machine.Register(table, "rol", (in call) => Result(call, BitOperations.RotateLeft(Bits(call, 0), Count(call))));
        machine.Register(table, "ror", (in call) => Result(call, BitOperations.RotateRight(Bits(call, 0), Count(call))));
        machine.Register(table, "bswap", (in call) => Result(call, BinaryPrimitives.ReverseEndianness(Bits(call, 0))));
        machine.Register(table, "tohex", ToHex);
        machine.Globals.Set(machine.Strings.Get("bit"), table);
    }

    private static uint Bits(in HostCall call, int index)
    {
        bool isNumber = HostArguments.TryNumber(call[index], out double number);
        uint bits = unchecked((uint)BitConverter.DoubleToInt64Bits((isNumber ? number : 0) + Wrap));
        return isNumber ? bits : throw call.TypeError(index, "number");
    }

    private static int Count(in HostCall call) => (int)(Bits(call, 1) & 31);

    private static HostStep Result(in HostCall call, uint bits) => call.Return((double)(int)bits);

    private static HostStep And(in HostCall call)
    {
        uint bits = Bits(call, 0);
        for (int index = call.Count - 1; index > 0; index--)
        {
            bits &= Bits(call, index);
        }
        return Result(call, bits);
    }

    private static HostStep Or(in HostCall call)
    {
        uint bits = Bits(call, 0);
        for (int index = call.Count - 1; index > 0; index--)
        {
            bits |= Bits(call, index);
        }
        return Result(call, bits);
    }

    private static HostStep Xor(in HostCall call)
    {
        uint bits = Bits(call, 0);
        for (int index = call.Count - 1; index > 0; index--)
        {
            bits ^= Bits(call, index);
        }
        return Result(call, bits);
    }

    /// <summary>A negative number of digits asks for capitals.</summary>
    private static HostStep ToHex(in HostCall call)
    {
        uint bits = Bits(call, 0);
        int wanted = call.Count < 2 ? HexDigitsMax : (int)Bits(call, 1);
        ReadOnlySpan<byte> letters = wanted < 0 ? "0123456789ABCDEF"u8 : "0123456789abcdef"u8;
        int count = (int)Math.Min(Math.Abs((long)wanted), HexDigitsMax);
        Span<byte> text = stackalloc byte[HexDigitsMax];
        for (int index = count - 1; index >= 0; index--)
        {
            text[index] = letters[(int)(bits & 15)];
            bits >>= 4;
        }
        return call.Return(call.Memory.NewString(text[..count]));
    }
}
