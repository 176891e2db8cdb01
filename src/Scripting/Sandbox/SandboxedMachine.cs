using Bixbite.Lua.Extensions;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Sandbox;

/// <summary>
/// Makes a sandbox of a machine that many scripts share: the libraries that Redis has, no more; and nothing that a script could leave to
/// another. Globals, libraries and the metatable of strings are read-only, and to read a global that does not exist is an error.
/// </summary>
internal static class SandboxedMachine
{
    /// <summary>Functions of Lua that scripts do not have.</summary>
    private static readonly string[] s_removed = ["getfenv", "setfenv", "newproxy", "print", "dofile", "loadfile"];

    /// <summary>Adds the libraries. What is the host's follows, and then <see cref="Protect"/>.</summary>
    /// <param name="machine">A new one.</param>
    /// <param name="random">The sequence of <c>math.random</c>.</param>
    public static void Open(LuaMachine machine, RandomSequence random)
    {
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
        PlainErrors.Open(machine);
    }

    /// <summary>From now on nothing of the machine can be changed by scripts.</summary>
    public static void Protect(LuaMachine machine)
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
