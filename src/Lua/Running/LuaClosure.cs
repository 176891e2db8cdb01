using System.Runtime.CompilerServices;
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
/// A local variable that closures hold: in a stack while its block runs, in here afterwards. The stack tells it when it moves.
/// </summary>
internal sealed class Upvalue
{
    public const long OwnBytes = 72;

    /// <summary>The stack; null once it is closed.</summary>
    public LuaValue[]? Stack;
    public int Index;
    private LuaValue _own;

    public Upvalue(LuaValue[] stack, int index, Upvalue? nextOpen)
    {
        Stack = stack;
        Index = index;
        NextOpen = nextOpen;
    }

    /// <summary>The next open one of its stack, further down.</summary>
    public Upvalue? NextOpen { get; set; }

    public int Mark { get; set; }

    /// <summary>Where the value is.</summary>
    public ref LuaValue Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            LuaValue[]? stack = Stack;
            if (stack is null)
            {
                return ref _own;
            }
            return ref stack[Index];
        }
    }

    /// <summary>Gives it a place of its own; returns the next open one.</summary>
    public Upvalue? Close()
    {
        _own = Stack![Index];
        Stack = null;
        Upvalue? next = NextOpen;
        NextOpen = null;
        return next;
    }
}
