using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Protocol;

namespace Bixbite.Scripting.Running;

/// <summary>Words the errors that nobody in a script has caught.</summary>
internal static class ScriptErrors
{
    /// <summary>Writes the error that ended a run, with the name of what ran and the line where it was raised.</summary>
    public static void Write(ReplyWriter reply, ScriptTask task, LuaValue error)
    {
        LuaMachine lua = task.Machine.Lua;
        ErrorLine line = new(reply);
        if (error.Object is LuaTable table)
        {
            LuaString? text = HostArguments.TryString(lua.Memory, table.Get(task.Machine.Words.Err));
            line.Argument(text is null ? ErrorText.ScriptErrorUnknown : text.Span);
        }
        else
        {
            line.Text("ERR "u8).Argument(TextOf(lua, error));
        }
        if (lua.ErrorSource is { } source)
        {
            line.Text(" script: "u8).Text(task.Name.Span).Text(", on "u8).Text(source.Span).Text(":"u8).Integer(lua.ErrorLine).Text("."u8);
        }
        line.End();
    }

    private static ReadOnlySpan<byte> TextOf(LuaMachine lua, LuaValue error) => error.Type switch
    {
        LuaType.Nil => "nil"u8,
        LuaType.Boolean => error.IsTruthy ? "true"u8 : "false"u8,
        LuaType.Number or LuaType.String => HostArguments.TryString(lua.Memory, error)!.Span,
        _ => System.Text.Encoding.ASCII.GetBytes(error.TypeName),
    };
}
