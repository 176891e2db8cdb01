using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>Coroutines. They may yield from anywhere: across protected calls, metamethods and iterators.</summary>
public static class CoroutineLibrary
{
    /// <summary>A function that resumes, with what belongs to it, in bytes.</summary>
    private const long WrapBytes = 200;

    public static void Open(LuaMachine machine)
    {
        LuaTable library = machine.Memory.NewTable(0, 8);
        machine.Globals.Set(machine.Strings.Get("coroutine"), library);
        machine.Register(library, "create", Create);
        machine.Register(library, "resume", Resume);
        machine.Register(library, "running", Running);
        machine.Register(library, "status", Status);
        machine.Register(library, "wrap", Wrap);
        machine.Register(library, "yield", Yield);
    }

    private static HostStep Create(in HostCall call) => call.Return(NewThread(call));

    private static HostStep Resume(in HostCall call)
    {
        LuaThread thread = CheckThread(call);
        string? refusal = Refusal(call, thread);
        return refusal is null
            ? call.Resume(thread, 1, ResumeTask.Instance)
            : call.Return(false, Unwinding.NewMessage(call.Machine, refusal));
    }

    private static HostStep Running(in HostCall call) =>
        call.Thread == call.Machine.Main ? call.Return(LuaValue.Nil) : call.Return(call.Thread);

    private static HostStep Status(in HostCall call) =>
        call.Return(call.Machine.Strings.Get(NameOf(CheckThread(call).Status)));

    private static HostStep Wrap(in HostCall call)
    {
        LuaThread thread = NewThread(call);
        call.Memory.Add(WrapBytes);
        return call.Return(new HostFunction("wrap", new WrappedThread(thread).Resume) { Held = thread });
    }

    private static HostStep Yield(in HostCall call) => call.Thread.Resumer is null
        ? call.Fail("attempt to yield across metamethod/C-call boundary")
        : call.Yield(YieldTask.Instance);

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

    private static string? Refusal(in HostCall call, LuaThread thread)
    {
        if (thread.Status != ThreadStatus.Suspended)
        {
            return $"cannot resume {NameOf(thread.Status)} coroutine";
        }
        return call.Thread.Nesting >= Coroutines.NestingMax ? "C stack overflow" : null;
    }

    private static string NameOf(ThreadStatus status) => status switch
    {
        ThreadStatus.Suspended => "suspended",
        ThreadStatus.Running => "running",
        ThreadStatus.Normal => "normal",
        _ => "dead",
    };

    private sealed class ResumeTask : HostTask
    {
        public static readonly ResumeTask Instance = new();

        public override HostStep Resume(in HostCall call) => call.ReturnBefore(!call.HasFailed);
    }

    private sealed class YieldTask : HostTask
    {
        public static readonly YieldTask Instance = new();

        public override HostStep Resume(in HostCall call) => call.ReturnArguments(0);
    }

    private sealed class WrappedThread(LuaThread thread)
    {
        public HostStep Resume(in HostCall call)
        {
            string? refusal = Refusal(call, thread);
            return refusal is null ? call.Resume(thread, 0, WrapTask.Instance) : call.Fail(refusal);
        }
    }

    private sealed class WrapTask : HostTask
    {
        public static readonly WrapTask Instance = new();

        public override HostStep Resume(in HostCall call)
        {
            if (!call.HasFailed)
            {
                return call.ReturnArguments(0);
            }
            bool isText = call[0].IsNumber || call[0].Object is LuaString;
            return isText ? call.Fail(call.CheckString(0).ToString()) : call.Fail(call[0]);
        }
    }
}
