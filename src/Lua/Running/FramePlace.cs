using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>
/// The place of a frame in its thread, and the function of Lua that runs there: all that the interpreter reads when it goes on in a frame.
/// </summary>
internal abstract class FramePlace(LuaThread thread, CallFrame? below)
{
    public readonly LuaThread Thread = thread;
    public readonly LuaMachine Machine = thread.Machine;
    public readonly LuaMemory Memory = thread.Memory;

    /// <summary>The frame of the caller; null for the lowest one.</summary>
    public readonly CallFrame? Below = below;

    /// <summary>The running function of Lua; null in a frame of the host's.</summary>
    public LuaClosure? Closure;

    /// <summary>Those of the function of Lua that was the last one here.</summary>
    public Instruction[] Code = [];
    public LuaValue[] Constants = [];

    protected void SetClosure(LuaClosure callee)
    {
        Closure = callee;
        Code = callee.Prototype.Traced ?? callee.Prototype.Code;
        Constants = callee.Prototype.Constants;
    }
}
