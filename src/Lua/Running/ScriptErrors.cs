using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Words errors as Lua 5.1 does: with the place in the source, and with what the script calls the value in question.</summary>
internal static class ScriptErrors
{
    /// <summary>The chunk and line of a call, as a prefix; empty unless it runs Lua.</summary>
    public static string Where(LuaThread thread, int depth)
    {
        if (depth <= 0)
        {
            return "";
        }
        CallFrame frame = thread.FrameAt(depth);
        if (frame.Closure is not { } closure)
        {
            return "";
        }
        DebugFacts debug = closure.Prototype.Debug;
        return $"{debug.ChunkName}:{debug.Lines[Math.Max(frame.Pc - 1, 0)]}: ";
    }

    /// <summary>The same some levels up: 1 is the call at the depth, and one that was replaced by a tail call has no place.</summary>
    public static string WhereAtLevel(LuaThread thread, int depth, int level)
    {
        for (level--; level > 0 && depth > 0; depth--)
        {
            level -= 1 + thread.FrameAt(depth).TailCallCount;
        }
        return level == 0 ? Where(thread, depth) : "";
    }

    /// <summary>An operation that the value does not have.</summary>
    /// <param name="thread">The running one.</param>
    /// <param name="index">Of the value in the stack; -1 if it is not there.</param>
    /// <param name="value">The value.</param>
    /// <param name="operation">As in "attempt to index".</param>
    public static LuaException TypeError(LuaThread thread, int index, LuaValue value, string operation)
    {
        RegisterName? name = NameOf(thread, index);
        return LuaException.At(name is { } known
            ? $"attempt to {operation} {known.Kind} '{known.Name}' (a {value.TypeName} value)"
            : $"attempt to {operation} a {value.TypeName} value");
    }

    /// <summary>The name under which a call was called, or null.</summary>
    public static RegisterName? NameOfCallee(LuaThread thread, int callerDepth)
    {
        if (callerDepth <= 0 || thread.FrameAt(callerDepth) is not { Closure: { } closure } frame)
        {
            return null;
        }
        Instruction call = closure.Prototype.Code[Math.Max(frame.Pc - 1, 0)];
        return call.Op is OpCode.Call or OpCode.TailCall or OpCode.TForCall
            ? RegisterNames.Find(closure.Prototype, call.A, frame.Pc - 1)
            : null;
    }

    private static RegisterName? NameOf(LuaThread thread, int index)
    {
        CallFrame frame = thread.Frame;
        if (frame.Closure is not { } closure || index < frame.Base || index >= frame.Base + closure.Prototype.StackSize)
        {
            return null;
        }
        return RegisterNames.Find(closure.Prototype, index - frame.Base, frame.Pc - 1);
    }
}
