using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Sandbox;

/// <summary>
/// The <c>pcall</c> of scripts: of an error that a command answered, which is a table, it returns the text, as scripts from before Redis 7
/// expect. Of any other table it returns the field of the text as well, nil mostly, as Redis does.
/// </summary>
internal static class PlainErrors
{
    private static readonly LuaString s_err = LuaString.Of("err");

    public static HostStep PCall(in HostCall call)
    {
        _ = call.CheckAny(0);
        return call.CallArgumentsProtected(Task.Instance);
    }

    private sealed class Task : HostTask
    {
        public static readonly Task Instance = new();

        public override HostStep Resume(in HostCall call)
        {
            if (!call.HasFailed)
            {
                return call.ReturnBefore(true);
            }
            if (call[0].Object is not LuaTable table)
            {
                return call.Return(false, call[0]);
            }
            LuaValue text = table.Get(s_err);
            return text.IsNumber || text.Object is LuaString ? call.Return(false, text) : call.Return(false, table, text);
        }
    }
}
