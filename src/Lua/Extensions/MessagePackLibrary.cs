using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>The table <c>cmsgpack</c>: values to and from MessagePack.</summary>
public static class MessagePackLibrary
{
    public static void Open(LuaMachine machine)
    {
        LuaTable table = machine.Memory.NewTable();
        machine.Register(table, "pack", Pack);
        machine.Register(table, "unpack", (in call) => Unpack(call, 0, 0));
        machine.Register(table, "unpack_one", (in call) => Unpack(call, 1, Optional(call, 1)));
        machine.Register(table, "unpack_limit", (in call) => Unpack(call, call.CheckLong(1), Optional(call, 2)));
        table.Set(machine.Strings.Get("_NAME"), LuaString.Of("cmsgpack"));
        table.Set(machine.Strings.Get("_VERSION"), LuaString.Of("lua-cmsgpack 0.4.0"));
        table.Set(machine.Strings.Get("_COPYRIGHT"), LuaString.Of("Copyright (C) 2012, Salvatore Sanfilippo"));
        table.Set(machine.Strings.Get("_DESCRIPTION"), LuaString.Of("MessagePack C implementation for Lua"));
        machine.Globals.Set(machine.Strings.Get("cmsgpack"), table);
    }

    private static long Optional(in HostCall call, int index) => call[index].IsNil ? 0 : call.CheckLong(index);

    private static HostStep Pack(in HostCall call)
    {
        if (call.Count == 0)
        {
            throw call.ArgumentError(-1, "MessagePack pack needs input.");
        }
        return new MessagePackEncoding(call.Memory, call.Arguments.ToArray()).Resume(call);
    }

    /// <summary>Without a limit and an offset all values are read, and no next offset is returned.</summary>
    private static HostStep Unpack(in HostCall call, long limit, long offset)
    {
        LuaString data = call.CheckString(0);
        if (offset < 0 || limit < 0)
        {
            // The second number is the input's length, as in the original.
            throw call.Error($"Invalid request to unpack with offset of {(int)offset} and limit of {data.Length}.");
        }
        if (offset > data.Length)
        {
            throw call.Error($"Start offset {unchecked((int)offset)} greater than input length {data.Length}.");
        }
        bool isAll = limit == 0 && offset == 0;
        return new MessagePackDecoding(data, (int)offset, isAll ? int.MaxValue : limit, !isAll).Resume(call);
    }
}
