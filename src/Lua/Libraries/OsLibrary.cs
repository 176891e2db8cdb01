using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>The part of the table <c>os</c> that a host allows: the time that was spent, nothing of the system.</summary>
public static class OsLibrary
{
    /// <summary>Opens the library with its one function, <c>os.clock</c>.</summary>
    /// <param name="machine">The machine whose globals get the table.</param>
    /// <param name="clock">Seconds of processor time.</param>
    public static void Open(LuaMachine machine, Func<double> clock)
    {
        LuaTable table = machine.Memory.NewTable();
        machine.Register(table, "clock", (in call) => call.Return(clock()));
        machine.Globals.Set(machine.Strings.Get("os"), table);
    }
}
