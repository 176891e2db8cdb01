using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>Functions of the base library about environments, proxies and memory.</summary>
internal static class EnvironmentFunctions
{
    /// <summary>The content of userdata that scripts made.</summary>
    private static readonly object s_proxy = new();

    public static void Open(LuaMachine machine)
    {
        LuaTable globals = machine.Globals;
        machine.Register(globals, "getfenv", GetEnvironment);
        machine.Register(globals, "setfenv", SetEnvironment);
        machine.Register(globals, "newproxy", NewProxy);
        machine.Register(globals, "collectgarbage", CollectGarbage);
        machine.Register(globals, "gcinfo", GcInfo);
    }

    private static HostStep GetEnvironment(in HostCall call)
    {
        LuaFunction? function = FunctionAt(call, isOptional: true);
        return call.Return((function as LuaClosure)?.Environment ?? call.Thread.Globals);
    }

    private static HostStep SetEnvironment(in HostCall call)
    {
        LuaTable environment = call.CheckTable(1);
        LuaFunction? function = FunctionAt(call, isOptional: false);
        if (call[0].IsNumber && call[0].Number == 0)
        {
            call.Thread.Globals = environment;
            return call.Return();
        }
        if (function is not LuaClosure closure)
        {
            return call.Fail("'setfenv' cannot change environment of given object");
        }
        closure.Environment = environment;
        return call.Return(closure);
    }

    /// <summary>A function, or the one that runs at a level; null at level 0.</summary>
    private static LuaFunction? FunctionAt(in HostCall call, bool isOptional)
    {
        if (call[0].Object is LuaFunction function)
        {
            return function;
        }
        int level = isOptional ? call.OptInt(0, 1) : call.CheckInt(0);
        if (level < 0)
        {
            throw call.ArgumentError(0, "level must be non-negative");
        }
        if (level == 0)
        {
            return null;
        }
        int depth = call.CallerDepth;
        for (level--; level > 0 && depth > 0; depth--)
        {
            level -= 1 + call.Thread.FrameAt(depth).TailCallCount;
        }
        if (level > 0 || depth <= 0)
        {
            throw call.ArgumentError(0, "invalid level");
        }
        return level == 0
            ? call.Thread.FrameAt(depth).Function
            : throw call.Error($"no function environment for tail call at level {(int)call[0].Number}");
    }

    private static HostStep NewProxy(in HostCall call)
    {
        LuaTable? metatable = null;
        switch (call[0].Object)
        {
            case LuaUserdata { Content: var content } other when content == s_proxy && other.Metatable is not null:
                metatable = other.Metatable;
                break;
            case LuaConstant:
                metatable = call[0].IsTruthy ? call.Memory.NewTable() : null;
                break;
            default:
                throw call.ArgumentError(0, "boolean or proxy expected");
        }
        call.Memory.Add(LuaUserdata.OwnBytes);
        return call.Return(new LuaUserdata { Content = s_proxy, Metatable = metatable });
    }

    private static HostStep CollectGarbage(in HostCall call)
    {
        LuaString? option = call.OptString(0);
        switch (option?.ToString() ?? "collect")
        {
            case "collect":
                return new MeasureTask(0).Begin(call);
            case "count":
                return call.Return(call.Memory.Used / 1024.0);
            case "step":
                return new MeasureTask(true).Begin(call);
            case "stop" or "restart":
                return call.Return(0);
            case "setpause" or "setstepmul":
                return call.Return(200);
            default:
                throw call.ArgumentError(0, $"invalid option '{option}'");
        }
    }

    /// <summary>Measures memory, if that would change anything, and returns.</summary>
    private sealed class MeasureTask(LuaValue result) : HostTask
    {
        public HostStep Begin(in HostCall call)
        {
            if (!call.Memory.HasGrown && !call.Machine.HasWeakTables)
            {
                return call.Return(result);
            }
            call.Machine.BeginMeasurement();
            return Resume(call);
        }

        public override HostStep Resume(in HostCall call) => call.Machine.TryFinishMeasurement() ? call.Return(result) : call.Pause(this);
    }

    private static HostStep GcInfo(in HostCall call) => call.Return(call.Memory.Used / 1024);
}
