using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>
/// The table <c>string</c>, which is also what strings are indexed with: <c>("x"):rep(3)</c>. Patterns are in <see
/// cref="PatternFunctions"/>.
/// </summary>
public static class StringLibrary
{
    /// <summary>No function returns more values than this, as in Lua 5.1.</summary>
    private const int StackMax = 8000;

    public static void Open(LuaMachine machine)
    {
        LuaTable table = machine.Memory.NewTable();
        machine.Register(table, "byte", Byte);
        machine.Register(table, "char", Char);
        machine.Register(table, "dump", Dump);
        machine.Register(table, "len", Len);
        machine.Register(table, "lower", Lower);
        machine.Register(table, "rep", Rep);
        machine.Register(table, "reverse", Reverse);
        machine.Register(table, "sub", Sub);
        machine.Register(table, "upper", Upper);
        new PatternFunctions(machine).AddTo(machine, table);
        machine.Register(table, "format", new StringFormat(machine.Memory).Format);
        machine.Globals.Set(machine.Strings.Get("string"), table);

        LuaTable metatable = machine.Memory.NewTable();
        metatable.Set(machine.Strings.Get("__index"), table);
        machine.StringMetatable = metatable;
    }

    /// <summary>A position counted from one, or from the end if it is negative; 0 before the start.</summary>
    internal static long Position(long position, int length)
    {
        position += position < 0 ? length + 1L : 0;
        return Math.Max(position, 0);
    }

    private static HostStep Len(in HostCall call) => call.Return((double)call.CheckString(0).Length);

    private static HostStep Sub(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        long start = Math.Max(Position(call.CheckLong(1), text.Length), 1);
        long end = Math.Min(Position(call[2].IsNil ? -1 : call.CheckLong(2), text.Length), text.Length);
        if (start == 1 && end == text.Length)
        {
            return call.Return(text);
        }
        if (end - start >= LongText.SizeMin)
        {
            return LongText.Begin(call, text, LongTextKind.Part, (int)(end - start) + 1, (int)start - 1);
        }
        return call.Return(start <= end ? call.Memory.NewString(text.Span[((int)start - 1)..(int)end]) : LuaString.Empty);
    }

    private static HostStep Reverse(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        if (text.Length >= LongText.SizeMin)
        {
            return LongText.Begin(call, text, LongTextKind.Reversed, text.Length);
        }
        LuaString reversed = call.Memory.NewString(text.Length, out Span<byte> bytes);
        text.Span.CopyTo(bytes);
        bytes.Reverse();
        return call.Return(reversed);
    }

    private static HostStep Lower(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        if (text.Length >= LongText.SizeMin)
        {
            return LongText.Begin(call, text, LongTextKind.Lower, text.Length);
        }
        LuaString changed = call.Memory.NewString(text.Length, out Span<byte> bytes);
        ByteClass.ToLower(text.Span, bytes);
        return call.Return(changed);
    }

    private static HostStep Upper(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        if (text.Length >= LongText.SizeMin)
        {
            return LongText.Begin(call, text, LongTextKind.Upper, text.Length);
        }
        LuaString changed = call.Memory.NewString(text.Length, out Span<byte> bytes);
        ByteClass.ToUpper(text.Span, bytes);
        return call.Return(changed);
    }

    private static HostStep Rep(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        int count = call.CheckInt(1);
        if (count <= 0 || text.Length == 0)
        {
            return call.Return(LuaString.Empty);
        }
        long size = (long)text.Length * count;
        call.Memory.Require(size);
        if (size >= LongText.SizeMin)
        {
            return LongText.Begin(call, text, LongTextKind.Repeated, (int)size);
        }
        LuaString repeated = call.Memory.NewString((int)size, out Span<byte> bytes);
        text.Span.CopyTo(bytes);
        for (int done = text.Length; done < bytes.Length;)
        {
            int more = Math.Min(done, bytes.Length - done);
            bytes[..more].CopyTo(bytes[done..]);
            done += more;
        }
        return call.Return(repeated);
    }

    private static HostStep Byte(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        long first = Position(call[1].IsNil ? 1 : call.CheckLong(1), text.Length);
        long last = Position(call[2].IsNil ? first : call.CheckLong(2), text.Length);
        first = Math.Max(first, 1);
        last = Math.Min(last, text.Length);
        if (first > last)
        {
            return call.Return();
        }
        if (first == last)
        {
            return call.Return((double)text.Span[(int)first - 1]);
        }
        long count = last - first + 1;
        if (call.Count + count > StackMax)
        {
            throw call.Error("stack overflow (string slice too long)");
        }
        LuaValue[] values = new LuaValue[count];
        call.Spend(values.Length);
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = (double)text.Span[(int)first - 1 + index];
        }
        return call.Return(values);
    }

    private static HostStep Char(in HostCall call)
    {
        Span<byte> few = stackalloc byte[64];
        Span<byte> bytes = call.Count <= few.Length ? few[..call.Count] : new byte[call.Count];
        call.Spend(call.Count);
        for (int index = 0; index < bytes.Length; index++)
        {
            int value = call.CheckInt(index);
            if (value is < 0 or > byte.MaxValue)
            {
                throw call.ArgumentError(index, "invalid value");
            }
            bytes[index] = (byte)value;
        }
        return call.Return(call.Memory.NewString(bytes));
    }

    private static HostStep Dump(in HostCall call) => call.CheckFunction(0) is LuaClosure closure
        ? call.Return(call.Memory.NewString(FunctionDump.Of(closure.Prototype)))
        : throw call.Error("unable to dump given function");
}
