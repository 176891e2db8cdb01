using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Persistence;
using Bixbite.Protocol;
using Bixbite.Replication.Primary;

namespace Bixbite.Commands.Server;

/// <summary>
/// SHUTDOWN: stops the server, once its replicas have everything. It answers nothing when it succeeds: the connection ends.
/// </summary>
public sealed class Shutdown(GracefulShutdown shutdown, BlockedSessions blocked, LongCommand command)
{
    [Flags]
    private enum Options
    {
        None = 0,
        Save = 1,
        NoSave = 2,
        Now = 4,
        Force = 8,
        Abort = 16,
    }

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
        Options options = Read(ref arguments);
        bool isAbort = options.HasFlag(Options.Abort);
        if (options.HasFlag(Options.Save | Options.NoSave) || (isAbort && options != Options.Abort))
        {
            arguments.Fail(ErrorText.Syntax);
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        if (isAbort)
        {
            Abort(context);
            return;
        }
        if (command.IsRunning && !options.HasFlag(Options.NoSave))
        {
            context.Reply.Error(command.BusyError);
            return;
        }
        ShutdownRequest request = RequestOf(options);
        if (!shutdown.MustWait(request))
        {
            shutdown.Begin(request, ends => Answer(context, ends));
            return;
        }
        var wait = new ShutdownWait(context.Session);
        if (context.Suspend(wait))
        {
            shutdown.Begin(request, ends => End(wait, ends));
        }
    }

    private static Options Read(ref ArgumentReader arguments)
    {
        Options options = Options.None;
        while (!arguments.IsAtEnd)
        {
            Options option = arguments.Match("nosave"u8) ? Options.NoSave
                : arguments.Match("save"u8) ? Options.Save
                : arguments.Match("now"u8) ? Options.Now
                : arguments.Match("force"u8) ? Options.Force
                : arguments.Match("abort"u8) ? Options.Abort
                : Options.None;
            options |= option;
            if (option == Options.None)
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return options;
    }

    private static ShutdownRequest RequestOf(Options options) => new(
        options.HasFlag(Options.Save) ? ShutdownSaveWish.Always
            : options.HasFlag(Options.NoSave) ? ShutdownSaveWish.Never
            : ShutdownSaveWish.AsConfigured,
        options.HasFlag(Options.Force),
        options.HasFlag(Options.Now));

    private void Abort(CommandContext context)
    {
        if (shutdown.TryAbort())
        {
            context.Reply.Ok();
        }
        else
        {
            context.Reply.Error(ErrorText.NoShutdown);
        }
    }

    private static void Answer(CommandContext context, bool ends)
    {
        if (ends)
        {
            context.Session.Close();
        }
        else
        {
            context.Reply.Error(ErrorText.ShutdownFailed);
        }
    }

    private void End(ShutdownWait wait, bool ends)
    {
        if (wait.IsOver)
        {
            return;
        }
        if (ends)
        {
            wait.Session.Close();
        }
        else
        {
            blocked.Unblock(wait.Session, withError: false);
        }
    }

    private sealed class ShutdownWait(Session session) : BlockedOperation(session, Forever)
    {
        /// <summary>Its client is gone, or has got its answer.</summary>
        public bool IsOver { get; private set; }

        public override WaitReason Reason => WaitReason.Shutdown;

        public override bool MayBeUnblocked => false;

        public override void AnswerTimeout(ReplyWriter reply) => reply.Error(ErrorText.ShutdownFailed);

        public override void AnswerRefusal(ReplyWriter reply) => reply.Error(ErrorText.ShutdownDenied);

        protected override void Ended() => IsOver = true;
    }
}
