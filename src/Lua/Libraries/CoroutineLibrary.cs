using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>Coroutines. They may yield across protected calls and metamethods too. The machine switches between them.</summary>
public static class CoroutineLibrary
{
    /// <summary>A function that resumes, with what belongs to it, in bytes.</summary>
    private const long WrapBytes = 200;

    public static void Open(LuaMachine machine)
    {
        LuaTable library = machine.Memory.NewTable(0, 8);
        machine.Globals.Set(machine.Strings.Get("coroutine"), library);
        machine.Register(library, "create", Create);
        machine.Register(library, new HostFunction("resume", RefuseResume) { Kind = HostKind.Resume });
        machine.Register(library, "running", Running);
        machine.Register(library, "status", Status);
        machine.Register(library, "wrap", Wrap);
        machine.Register(library, new HostFunction("yield", RefuseYield) { Kind = HostKind.Yield });
    }

    private static HostStep Create(in HostCall call) => call.Return(NewThread(call));

    /// <summary>The machine resumes what can be resumed.</summary>
    private static HostStep RefuseResume(in HostCall call) =>
        call.Return(false, Unwinding.NewMessage(call.Machine, Refusal(CheckThread(call))));

    /// <summary>The machine yields where there is a thread that waits.</summary>
    private static HostStep RefuseYield(in HostCall call) => call.Fail("attempt to yield across metamethod/C-call boundary");

    private static HostStep Running(in HostCall call) =>
        call.Thread == call.Machine.Main ? call.Return(LuaValue.Nil) : call.Return(call.Thread);

    private static HostStep Status(in HostCall call) =>
        call.Return(call.Machine.Strings.Get(NameOf(CheckThread(call).Status)));

    private static HostStep Wrap(in HostCall call)
    {
        LuaThread thread = NewThread(call);
        call.Memory.Add(WrapBytes);
        return call.Return(new HostFunction("wrap", new WrappedThread(thread).Refuse) { Held = thread, Kind = HostKind.Wrapped });
    }

    private static LuaThread NewThread(in HostCall call)
    {
        if (call[0].Object is not LuaClosure closure)
        {
            throw call.ArgumentError(0, "Lua function expected");
        }
        var thread = new LuaThread(call.Machine, call.Thread.Globals);
        thread.Stack[0] = closure;
        thread.Top = 1;
        return thread;
    }

    private static LuaThread CheckThread(in HostCall call) =>
        call[0].Object as LuaThread ?? throw call.ArgumentError(0, "coroutine expected");

    private static string Refusal(LuaThread thread) => thread.Status == ThreadStatus.Suspended
        ? "C stack overflow"
        : $"cannot resume {NameOf(thread.Status)} coroutine";

    private static string NameOf(ThreadStatus status) => status switch
    {
        ThreadStatus.Suspended => "suspended",
        ThreadStatus.Running => "running",
        ThreadStatus.Normal => "normal",
        _ => "dead",
    };

    private sealed class WrappedThread(LuaThread thread)
    {
        public HostStep Refuse(in HostCall call) => call.Fail(Refusal(thread));
    }
}
