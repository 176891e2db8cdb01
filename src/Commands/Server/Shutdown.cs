using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Persistence;
using Bixbite.Protocol;

namespace Bixbite.Commands.Server;

/// <summary>SHUTDOWN: stops the server. It answers nothing when it succeeds: the connection ends.</summary>
public sealed class Shutdown(ShutdownSignal signal, ShutdownSave save, LongCommand command)
{
    [Command(
        "shutdown",
        Group = "server",
        Since = "1.0.0",
        Arity = -1,
        Flags = "admin noscript loading stale no_multi allow_busy",
        History = "7.0.0 Added the `NOW`, `FORCE` and `ABORT` modifiers.",
        Complexity = "O(1)",
        Summary = "Closes all connections and stops the server.",
        Syntax = "[save-selector: NOSAVE | SAVE] [NOW@7.0.0] [FORCE@7.0.0] [ABORT@7.0.0]")]
    public void Run(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 1);
        bool isSave = false;
        bool isNoSave = false;
        bool isForced = false;
        bool isNow = false;
        bool isAbort = false;
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("nosave"u8))
            {
                isNoSave = true;
            }
            else if (arguments.Match("save"u8))
            {
                isSave = true;
            }
            else if (arguments.Match("now"u8))
            {
                isNow = true;
            }
            else if (arguments.Match("force"u8))
            {
                isForced = true;
            }
            else if (arguments.Match("abort"u8))
            {
                isAbort = true;
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if ((isSave && isNoSave) || (isAbort && (isSave || isNoSave || isNow || isForced)))
        {
            arguments.Fail(ErrorText.Syntax);
        }
        if (isAbort)
        {
            arguments.Fail(ErrorText.NoShutdown);
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        if (command.IsRunning && !isNoSave)
        {
            context.Reply.Error(command.BusyError);
            return;
        }
        ShutdownSaveWish wish = isSave ? ShutdownSaveWish.Always : isNoSave ? ShutdownSaveWish.Never : ShutdownSaveWish.AsConfigured;
        if (!save.Run(wish, isForced))
        {
            context.Reply.Error(ErrorText.ShutdownFailed);
            return;
        }
        context.Session.Close();
        signal.Request();
    }
}
