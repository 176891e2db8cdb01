using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Protocol;
using Bixbite.Scripting.Scripts;

namespace Bixbite.Scripting.Running;

/// <summary>
/// Runs scripts and functions for their clients, one at a time: arguments, the run, the reply. A server has one runner, whatever machines
/// there are.
/// </summary>
internal sealed class ScriptRunner(ScriptRequests requests)
{
    /// <summary>Instructions between two looks at what else is to be done.</summary>
    private const long SliceSize = 1_000_000;

    /// <summary>Runs something in the context of its command, unless what it says of itself forbids it now; the reply is written.</summary>
    public void Run(CommandContext context, ScriptTask task)
    {
        context.Effects.Suppress();
        if (!task.Flags.HasFlag(ScriptFlags.Undeclared) && !IsAllowed(context, task))
        {
            return;
        }
        ScriptMachine machine = task.Machine;
        ScriptScope scope = requests.Begin(context, PermissionsOf(task));
        machine.Calls.ProtocolVersion = 2;
        bool isErrorCounted = false;
        try
        {
            Start(context, task);
            RunStatus status;
            do
            {
                status = machine.Lua.Run(SliceSize);
            }
            while (status == RunStatus.Suspended);
            isErrorCounted = Answer(context.Reply, task, status);
        }
        finally
        {
            machine.Lua.Stop();
            machine.ClearArguments();
            requests.End(context, isErrorCounted, scope);
            machine.LimitGarbage();
        }
    }

    private static ScriptPermissions PermissionsOf(ScriptTask task)
    {
        ScriptPermissions permissions = task.IsReadOnly || task.Flags.HasFlag(ScriptFlags.NoWrites)
            ? ScriptPermissions.ReadOnly
            : ScriptPermissions.None;
        return task.Flags.HasFlag(ScriptFlags.AllowOom) ? permissions | ScriptPermissions.ExceedsMemory : permissions;
    }

    private static void Start(CommandContext context, ScriptTask task)
    {
        ScriptMachine machine = task.Machine;
        int firstArgument = task.FirstKey + task.KeyCount;
        LuaTable keys = machine.NewList(context, task.FirstKey, firstArgument);
        LuaTable arguments = machine.NewList(context, firstArgument, context.Count);
        if (task.Kind == ScriptKind.Function)
        {
            machine.Lua.Start(task.Function, keys, arguments);
            return;
        }
        machine.SetArguments(keys, arguments);
        machine.Lua.Start(task.Function);
    }

    /// <summary>Writes the result or the error; true if it is an error that was counted with a command of the script's.</summary>
    private static bool Answer(ReplyWriter reply, ScriptTask task, RunStatus status)
    {
        ScriptMachine machine = task.Machine;
        LuaMachine lua = machine.Lua;
        LuaValue result = status == RunStatus.Failed ? lua.Error : lua.Results.IsEmpty ? LuaValue.Nil : lua.Results[0];
        if (status == RunStatus.Failed)
        {
            AnswerError(reply, task, result);
        }
        else
        {
            machine.Results.Write(reply, result, hasBooleans: machine.Calls.ProtocolVersion == 3);
        }
        return result.Object is LuaTable table && table.Get(machine.Words.IgnoreErrorStatsUpdate).IsTruthy;
    }

    private static void AnswerError(ReplyWriter reply, ScriptTask task, LuaValue error)
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

    private bool IsAllowed(CommandContext context, ScriptTask task)
    {
        bool isWriting = !task.Flags.HasFlag(ScriptFlags.NoWrites);
        if (isWriting && !task.Flags.HasFlag(ScriptFlags.AllowOom) && requests.IsMemoryOverLimit)
        {
            context.Reply.Error(ErrorText.OutOfMemory);
            return false;
        }
        if (isWriting && requests.AnswerDiskFailure(context))
        {
            return false;
        }
        if (isWriting && task.IsReadOnly)
        {
            context.Reply.Error(ErrorText.ScriptIsWriting);
            return false;
        }
        return true;
    }
}
