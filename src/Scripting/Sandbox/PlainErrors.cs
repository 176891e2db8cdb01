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

    /// <summary>Puts it in the place of the one that there is.</summary>
    public static void Open(LuaMachine machine) => machine.RegisterProtectedCall(machine.Globals, "pcall", Refuse, new Task());

    /// <summary>There is no function to be called.</summary>
    private static HostStep Refuse(in HostCall call) => throw call.ArgumentError(0, "value expected");

    private sealed class Task : HostTask
    {
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
