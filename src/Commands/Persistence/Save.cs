using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Protocol;

namespace Bixbite.Commands.Persistence;

/// <summary>Snapshots in a file: SAVE, BGSAVE, LASTSAVE.</summary>
public sealed class Save(Saver saver, AofRewrite rewrite, SnapshotJobs jobs)
{
    [Command(
        "save",
        Group = "server",
        Since = "1.0.0",
        Arity = 1,
        Flags = "no_async_loading admin noscript no_multi",
        Complexity = "O(N) with N the number of keys in all databases",
        Summary = "Saves a snapshot to the disk while all clients wait.")]
    public void Run(CommandContext context)
    {
        if (saver.IsRunning)
        {
            context.Reply.Error(ErrorText.SaveInProgress);
        }
        else if (saver.SaveNow() is null)
        {
            context.Reply.Ok();
        }
        else
        {
            context.Reply.Error(ErrorText.SaveFailed);
        }
    }

    [Command(
        "bgsave",
        Group = "server",
        Since = "1.0.0",
        Arity = -1,
        Flags = "no_async_loading admin noscript",
        History = "3.2.2 Added the `SCHEDULE` option.",
        Complexity = "O(1); the saving itself goes on between other commands",
        Summary = "Saves a snapshot to the disk in the background.",
        Syntax = "[operation: SCHEDULE@3.2.2 | CANCEL]")]
    public void BgSave(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 1);
        bool isCancel = arguments.Match("cancel"u8);
        bool isSchedule = !isCancel && arguments.Match("schedule"u8);
        if (!arguments.IsAtEnd)
        {
            arguments.Fail(ErrorText.Syntax);
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        if (isCancel)
        {
            Cancel(context);
        }
        else if (saver.IsRunning)
        {
            context.Reply.Error(ErrorText.SaveInProgress);
        }
        else if (rewrite.IsRunning || jobs.IsWritingFile)
        {
            AnswerBusy(context, isSchedule);
        }
        else
        {
            saver.TryStart();
            context.Reply.Simple("Background saving started"u8);
        }
    }

    private void AnswerBusy(CommandContext context, bool isSchedule)
    {
        if (!isSchedule)
        {
            context.Reply.Error(ErrorText.SnapshotInProgress);
            return;
        }
        saver.Schedule();
        context.Reply.Simple("Background saving scheduled"u8);
    }

    [Command(
        "lastsave",
        Group = "server",
        Since = "1.0.0",
        Arity = 1,
        Flags = "loading stale fast",
        Categories = "admin dangerous",
        Tips = "nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Returns the Unix time of the last snapshot that was saved.")]
    public void LastSave(CommandContext context) => context.Reply.Integer(saver.Facts.LastSaveUnixSeconds);

    private void Cancel(CommandContext context)
    {
        bool isRunning = saver.IsRunning;
        if (!saver.Cancel())
        {
            context.Reply.Error(ErrorText.NoSaveToCancel);
            return;
        }
        context.Reply.Simple(isRunning ? "Background saving cancelled"u8 : "Scheduled background saving cancelled"u8);
    }
}
