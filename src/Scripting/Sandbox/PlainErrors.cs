using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Sandbox;

/// <summary>
/// The <c>pcall</c> of scripts: of an error that a command answered, which is a table, it returns the text, as scripts from before Redis 7
/// expect.
/// </summary>
internal static class PlainErrors
{
    private static readonly LuaString s_err = LuaString.Of("err");

    public static HostStep PCall(in HostCall call) => call.CallProtected(call.CheckAny(0), call.Arguments[1..], Task.Instance);

    private sealed class Task : HostTask
    {
        public static readonly Task Instance = new();

        public override HostStep Resume(in HostCall call)
        {
            if (!call.HasFailed)
            {
                return call.ReturnBefore(true, 0);
            }
            LuaValue error = call[0];
            if (error.Object is LuaTable table && table.Get(s_err) is { } text && (text.IsNumber || text.Object is LuaString))
            {
                error = text;
            }
            return call.Return(false, error);
        }
    }
}
