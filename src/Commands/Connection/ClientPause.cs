using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection;

/// <summary>CLIENT PAUSE, UNPAUSE and UNBLOCK: making clients wait, and ending their waits.</summary>
public sealed class ClientPause(PauseGate pause, BlockedSessions blocked, SessionTable sessions, IClock clock)
{
    [Command(
        "client|pause", Group = "connection", Since = "3.0.0", Arity = -3,
        Flags = "admin noscript loading stale",
        History = "6.2.0 `CLIENT PAUSE WRITE` mode added along with the `mode` option.",
        Complexity = "O(1)",
        Summary = "Makes commands wait for a time.",
        Syntax = "timeout:integer [mode@6.2.0: WRITE | ALL]")]
    public void Pause(CommandContext context)
    {
        if (context.Count > 4)
        {
            ErrorText.SubcommandSyntax(context.Reply, "CLIENT"u8, context[1]);
            return;
        }
        bool isForAll = true;
        if (context.Count == 4)
        {
            isForAll = !Ascii.EqualsIgnoreCase(context[3], "write"u8);
            if (isForAll && !Ascii.EqualsIgnoreCase(context[3], "all"u8))
            {
                context.Reply.Error(ErrorText.PauseMode);
                return;
            }
        }
        if (TimeoutArgument.TryRead(context, 2, TimeoutUnit.Milliseconds, out long timeoutMs))
        {
            pause.Pause(DeadlineMath.After(clock.WaitingUs / 1000, timeoutMs), isForAll);
            context.Reply.Ok();
        }
    }

    [Command(
        "client|unpause", Group = "connection", Since = "6.2.0", Arity = 2,
        Flags = "admin noscript loading stale",
        Complexity = "O(N) with N the number of waiting clients",
        Summary = "Ends a pause.")]
    public void Unpause(CommandContext context)
    {
        pause.End();
        context.Reply.Ok();
    }

    [Command(
        "client|unblock", Group = "connection", Since = "5.0.0", Arity = -3,
        Flags = "admin noscript loading stale",
        Complexity = "O(1)",
        Summary = "Ends the wait of a blocked client.",
        Syntax = "client-id:integer [unblock-type: TIMEOUT | ERROR]")]
    public void Unblock(CommandContext context)
    {
        if (context.Count > 4)
        {
            ErrorText.SubcommandSyntax(context.Reply, "CLIENT"u8, context[1]);
            return;
        }
        bool withError = false;
        if (context.Count == 4)
        {
            withError = Ascii.EqualsIgnoreCase(context[3], "error"u8);
            if (!withError && !Ascii.EqualsIgnoreCase(context[3], "timeout"u8))
            {
                context.Reply.Error(ErrorText.UnblockReason);
                return;
            }
        }
        if (!Integers.TryParse(context[2], out long id))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return;
        }
        bool isUnblocked = sessions.Find(id) is { } session && blocked.TryUnblock(session, withError);
        context.Reply.Integer(isUnblocked ? 1 : 0);
    }
}
