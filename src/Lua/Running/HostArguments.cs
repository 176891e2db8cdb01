using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Reads the arguments of a host function, and throws the errors of Lua's own libraries.</summary>
public static class HostArguments
{
    /// <summary>Reading 2 to the power of this many bytes as a number counts as an instruction.</summary>
    private const int BytesPerStep = 2;

    extension(in HostCall call)
    {
        /// <summary>A number, or a string that reads as one.</summary>
        public double CheckNumber(int index)
        {
            LuaValue value = call[index];
            return value.IsNumber ? value.Number : call.CheckNumberText(index, value);
        }

        private double CheckNumberText(int index, LuaValue value)
        {
            SpendOnText(call.Memory, value);
            return TryNumber(value, out double number) ? number : throw call.TypeError(index, "number");
        }

        /// <summary>As C converts on x86-64: beyond the range it is the least one.</summary>
        public int CheckInt(int index) => (int)call.CheckLong(index);

        /// <summary>As C converts on x86-64: beyond the range it is the least one.</summary>
        public long CheckLong(int index) => double.ConvertToIntegerNative<long>(call.CheckNumber(index));

        /// <summary>A string, or a number as one.</summary>
        public LuaString CheckString(int index) => TryString(call.Memory, call[index]) ?? throw call.TypeError(index, "string");

        public LuaTable CheckTable(int index) => call[index].Object as LuaTable ?? throw call.TypeError(index, "table");

        public LuaFunction CheckFunction(int index) => call[index].Object as LuaFunction ?? throw call.TypeError(index, "function");

        /// <summary>Any value, nil too, but not none.</summary>
        public LuaValue CheckAny(int index) => index < call.Count ? call[index] : throw call.ArgumentError(index, "value expected");

        public double OptNumber(int index, double fallback) => call[index].IsNil ? fallback : call.CheckNumber(index);

        public int OptInt(int index, int fallback) => call[index].IsNil ? fallback : call.CheckInt(index);

        public LuaString? OptString(int index) => call[index].IsNil ? null : call.CheckString(index);
    }

    /// <summary>A number, or a string that reads as one.</summary>
    public static bool TryNumber(LuaValue value, out double number)
    {
        number = value.Number;
        return value.IsNumber || (value.Object is LuaString text && NumberText.TryRead(text.Span, out number));
    }

    /// <summary>Counts the work of reading a number, if the value is a string.</summary>
    internal static void SpendOnText(LuaMemory memory, LuaValue value)
    {
        if (value.Object is LuaString text)
        {
            memory.Fuel -= text.Length >> BytesPerStep;
        }
    }

    /// <summary>A string, or a number as one; null for all else.</summary>
    public static LuaString? TryString(LuaMemory memory, LuaValue value) =>
        value.IsNumber ? TextOf(memory, value) : value.Object as LuaString;

    private static LuaString TextOf(LuaMemory memory, LuaValue value)
    {
        Span<byte> text = stackalloc byte[NumberText.SizeMax];
        return memory.NewString(text[..NumberText.Write(value.Number, text)]);
    }
}
