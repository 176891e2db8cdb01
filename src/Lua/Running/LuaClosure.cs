using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>A function of Lua with the variables that it holds.</summary>
internal sealed class LuaClosure(Prototype prototype, Upvalue[] upvalues, LuaTable environment) : LuaFunction
{
    public Prototype Prototype { get; } = prototype;

    public Upvalue[] Upvalues { get; } = upvalues;

    /// <summary>Where its globals are.</summary>
    public LuaTable Environment { get; set; } = environment;

    public long Bytes => BytesFor(Upvalues.Length);

    public static long BytesFor(int upvalueCount) => 72 + 8L * upvalueCount;
}

/// <summary>
/// A local variable that closures hold: in a stack while its block runs, by itself afterwards. The stack tells it when it moves.
/// </summary>
internal sealed class Upvalue
{
    public const long OwnBytes = 88;

    public LuaValue[] Values;
    public int Index;

    public Upvalue(LuaValue[] values, int index, Upvalue? nextOpen)
    {
        Values = values;
        Index = index;
        NextOpen = nextOpen;
    }

    /// <summary>The next open one of its stack, further down.</summary>
    public Upvalue? NextOpen { get; set; }

    public int Mark { get; set; }

    /// <summary>Gives it a place of its own.</summary>
    public Upvalue? Close()
    {
        Values = [Values[Index]];
        Index = 0;
        Upvalue? next = NextOpen;
        NextOpen = null;
        return next;
    }
}
