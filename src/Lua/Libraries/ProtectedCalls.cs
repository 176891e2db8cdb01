using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary><c>pcall</c>, which the machine does by itself, and <c>xpcall</c>. The handler is called where the error is caught.</summary>
internal static class ProtectedCalls
{
    /// <summary>Errors of a handler are given to it again, so often.</summary>
    private const int HandlerErrorsMax = 20;

    private static readonly LuaString s_errorInHandler = LuaString.Of("error in error handling");

    public static void AddPCall(LuaMachine machine) =>
        machine.RegisterProtectedCall(machine.Globals, "pcall", RefuseCall, new PCallTask());

    /// <summary>There is no function to be called.</summary>
    private static HostStep RefuseCall(in HostCall call) => throw call.ArgumentError(0, "value expected");

    public static HostStep XPCall(in HostCall call)
    {
        _ = call.CheckAny(1);
        return call.CallProtected(call[0], [], new XPCallTask(call[1]));
    }

    private sealed class PCallTask : HostTask
    {
        public override HostStep Resume(in HostCall call) => call.ReturnBefore(!call.HasFailed);
    }

    private sealed class XPCallTask(LuaValue handler) : HostTask
    {
        private readonly LuaValue[] _held = [handler];

        public override ReadOnlySpan<LuaValue> Held => _held;

        public override HostStep Resume(in HostCall call)
        {
            if (!call.HasFailed)
            {
                return call.ReturnBefore(true);
            }
            if (LuaException.IsNotEnoughMemory(call[0]))
            {
                return call.Return(false, call[0]);
            }
            return handler.Object is LuaFunction
                ? call.CallProtected(handler, [call[0]], new HandlerTask(handler))
                : call.Return(false, s_errorInHandler);
        }
    }

    private sealed class HandlerTask(LuaValue handler) : HostTask
    {
        private readonly LuaValue[] _held = [handler];
        private int _errorCount;

        public override ReadOnlySpan<LuaValue> Held => _held;

        public override HostStep Resume(in HostCall call)
        {
            if (!call.HasFailed)
            {
                return call.Return(false, call[0]);
            }
            return ++_errorCount < HandlerErrorsMax
                ? call.CallProtected(handler, [call[0]], this)
                : call.Return(false, s_errorInHandler);
        }
    }
}
