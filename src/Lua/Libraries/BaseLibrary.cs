using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>The functions of Lua that belong to no table, but for those that read files.</summary>
public static class BaseLibrary
{
    /// <summary>Values that a function may have at once, as in Lua 5.1.</summary>
    private const int ValuesMax = 8000;

    public static void Open(LuaMachine machine)
    {
        LuaTable globals = machine.Globals;
        globals.Set(machine.Strings.Get("_G"), globals);
        globals.Set(machine.Strings.Get("_VERSION"), LuaString.Of("Lua 5.1"));
        machine.Register(globals, "assert", Assert);
        machine.Register(globals, "error", Error);
        machine.Register(globals, "ipairs", IPairs);
        machine.Register(globals, "next", Next);
        machine.Register(globals, "pairs", Pairs);
        ProtectedCalls.AddPCall(machine);
        machine.Register(globals, "rawequal", RawEqual);
        machine.Register(globals, "rawget", RawGet);
        machine.Register(globals, "rawset", RawSet);
        machine.Register(globals, "select", Select);
        machine.Register(globals, "tonumber", ToNumber);
        machine.Register(globals, "tostring", TextOfValues.ToString);
        machine.Register(globals, "type", Type);
        machine.Register(globals, "unpack", Unpack);
        machine.Register(globals, "xpcall", ProtectedCalls.XPCall);
        machine.Register(globals, "getmetatable", GetMetatable);
        machine.Register(globals, "setmetatable", SetMetatable);
        machine.Register(globals, "load", ChunkLoading.Load);
        machine.Register(globals, "loadstring", ChunkLoading.LoadString);
        EnvironmentFunctions.Open(machine);
        if (machine.Output is not null)
        {
            machine.Register(globals, "print", TextOfValues.Print);
        }
        machine.NextFunction = (HostFunction)globals.Get(machine.Strings.Get("next")).Object!;
        machine.ElementFunction = new HostFunction("ipairs", NextElement);
    }

    private static HostStep Assert(in HostCall call)
    {
        if (call.CheckAny(0).IsTruthy)
        {
            return call.ReturnArguments(0);
        }
        return call.Fail(call.OptString(1)?.ToString() ?? "assertion failed!");
    }

    private static HostStep Error(in HostCall call)
    {
        int level = call.OptInt(1, 1);
        LuaValue value = call[0];
        if (level <= 0 || !(value.IsNumber || value.Object is LuaString))
        {
            return call.Fail(value);
        }
        string where = call.Where(level);
        return call.Fail(where.Length == 0 ? call.CheckString(0) : Unwinding.NewMessage(call.Machine, where + call.CheckString(0)));
    }

    private static HostStep Next(in HostCall call)
    {
        LuaTable table = call.CheckTable(0);
        LuaValue key = call[1];
        return table.Next(ref key, out LuaValue value) ? call.Return(key, value) : call.Return(LuaValue.Nil);
    }

    private static HostStep Pairs(in HostCall call) => call.Return(call.Machine.NextFunction!, call.CheckTable(0), LuaValue.Nil);

    private static HostStep IPairs(in HostCall call) => call.Return(call.Machine.ElementFunction!, call.CheckTable(0), 0);

    private static HostStep NextElement(in HostCall call)
    {
        LuaTable table = call.CheckTable(0);
        int index = unchecked(call.CheckInt(1) + 1);
        LuaValue value = table.Get(index);
        return value.IsNil ? call.Return() : call.Return(index, value);
    }

    private static HostStep RawEqual(in HostCall call) => call.Return(call.CheckAny(0).RawEquals(call.CheckAny(1)));

    private static HostStep RawGet(in HostCall call) => call.Return(call.CheckTable(0).Find(call.CheckAny(1)));

    private static HostStep RawSet(in HostCall call)
    {
        LuaTable table = call.CheckTable(0);
        _ = call.CheckAny(1);
        _ = call.CheckAny(2);
        table.RequireWritable();
        table.Set(call[1], call[2]);
        return call.Return(table);
    }

    private static HostStep Select(in HostCall call)
    {
        if (call[0].Object is LuaString text && text.Span is [(byte)'#', ..])
        {
            return call.Return(call.Count - 1);
        }
        int index = call.CheckInt(0);
        index = index < 0 ? call.Count + index : Math.Min(index, call.Count);
        return index >= 1 ? call.ReturnArguments(index) : throw call.ArgumentError(0, "index out of range");
    }

    private static HostStep ToNumber(in HostCall call)
    {
        int radix = call.OptInt(1, 10);
        double number;
        HostArguments.SpendOnText(call.Memory, call[0]);
        if (radix == 10)
        {
            return HostArguments.TryNumber(call.CheckAny(0), out number) ? call.Return(number) : call.Return(LuaValue.Nil);
        }
        LuaString text = call.CheckString(0);
        if (radix is < 2 or > 36)
        {
            throw call.ArgumentError(1, "base out of range");
        }
        return NumberText.TryRead(text.Span, radix, out number) ? call.Return(number) : call.Return(LuaValue.Nil);
    }

    private static HostStep Type(in HostCall call) => call.Return(call.Machine.TypeNameOf(call.CheckAny(0)));

    private static HostStep Unpack(in HostCall call)
    {
        LuaTable table = call.CheckTable(0);
        int first = call.OptInt(1, 1);
        int last = call[2].IsNil ? table.Length : call.CheckInt(2);
        if (first > last)
        {
            return call.Return();
        }
        long count = (long)last - first + 1;
        if (count + Math.Max(call.Count, 1) > ValuesMax)
        {
            return call.Fail("too many results to unpack");
        }
        var values = new LuaValue[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = table.Get(first + i);
        }
        call.Spend(values.Length);
        return call.Return(values);
    }

    private static HostStep GetMetatable(in HostCall call)
    {
        LuaTable? metatable = call.Machine.MetatableOf(call.CheckAny(0));
        if (metatable is null)
        {
            return call.Return(LuaValue.Nil);
        }
        LuaValue shown = call.Machine.Events.Find(metatable, MetaEvent.Metatable);
        return call.Return(shown.IsNil ? metatable : shown);
    }

    private static HostStep SetMetatable(in HostCall call)
    {
        LuaTable table = call.CheckTable(0);
        var metatable = call[1].Object as LuaTable;
        if (metatable is null && (!call[1].IsNil || call.Count < 2))
        {
            throw call.ArgumentError(1, "nil or table expected");
        }
        if (!call.Machine.Events.Find(table.Metatable, MetaEvent.Metatable).IsNil)
        {
            return call.Fail("cannot change a protected metatable");
        }
        table.RequireWritable();
        table.Metatable = metatable;
        call.Machine.HasWeakTables |= metatable is not null && !call.Machine.Events.Find(metatable, MetaEvent.Mode).IsNil;
        return call.Return(table);
    }
}
