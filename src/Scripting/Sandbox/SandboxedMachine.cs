using Bixbite.Lua.Extensions;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Sandbox;

/// <summary>
/// Makes the machine that all scripts share: the libraries that Redis has, no more; and nothing that a script could leave to another.
/// Globals, libraries and the metatable of strings are read-only, and to read a global that does not exist is an error.
/// </summary>
internal static class SandboxedMachine
{
    /// <summary>Functions of Lua that scripts do not have.</summary>
    private static readonly string[] s_removed = ["getfenv", "setfenv", "newproxy", "print", "dofile", "loadfile"];

    /// <param name="random">The sequence of <c>math.random</c>.</param>
    /// <param name="addHost">Adds what is the host's.</param>
    public static LuaMachine Create(RandomSequence random, Action<LuaMachine> addHost)
    {
        var machine = new LuaMachine();
        BaseLibrary.Open(machine);
        CoroutineLibrary.Open(machine);
        StringLibrary.Open(machine);
        TableLibrary.Open(machine);
        MathLibrary.Open(machine, random);
        JsonLibrary.Open(machine);
        MessagePackLibrary.Open(machine);
        StructLibrary.Open(machine);
        BitLibrary.Open(machine);
        foreach (string name in s_removed)
        {
            machine.Globals.Set(machine.Strings.Get(name), LuaValue.Nil);
        }
        machine.Register(machine.Globals, "pcall", PlainErrors.PCall);
        addHost(machine);
        Protect(machine);
        return machine;
    }

    private static void Protect(LuaMachine machine)
    {
        LuaTable metatable = machine.Memory.NewTable();
        machine.Register(metatable, "__index", RefuseGlobal);
        machine.Globals.Metatable = metatable;
        metatable.IsReadOnly = true;
        Freeze(machine.Globals);
        if (machine.StringMetatable is { } strings)
        {
            Freeze(strings);
        }
    }

    /// <summary>A table and all tables in it; the globals contain themselves.</summary>
    private static void Freeze(LuaTable table)
    {
        if (table.IsReadOnly)
        {
            return;
        }
        table.IsReadOnly = true;
        LuaValue key = LuaValue.Nil;
        while (table.Next(ref key, out LuaValue value))
        {
            if (value.Object is LuaTable inner)
            {
                Freeze(inner);
            }
        }
    }

    private static HostStep RefuseGlobal(in HostCall call)
    {
        if (call.Count != 2)
        {
            return call.Fail("Wrong number of arguments to luaProtectedTableError");
        }
        return HostArguments.TryString(call.Memory, call[1]) is { } name
            ? call.Fail($"Script attempted to access nonexistent global variable '{name}'")
            : call.Fail("Second argument to luaProtectedTableError must be a string or number");
    }
}
