using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Protocol;

namespace Bixbite.Commands.Persistence;

/// <summary>The append only log made short again: BGREWRITEAOF.</summary>
public sealed class Rewrite(AofControl log, AofRewrite rewrite, SnapshotJobs jobs)
{
    [Command(
        "bgrewriteaof",
        Group = "server",
        Since = "1.0.0",
        Arity = 1,
        Flags = "no_async_loading admin noscript",
        Complexity = "O(1); the rewriting itself goes on between other commands",
        Summary = "Rewrites the append only log in the background, so that it holds the data as it is now.")]
    public void BgRewriteAof(CommandContext context)
    {
        if (rewrite.IsRunning)
        {
            context.Reply.Error(ErrorText.RewriteInProgress);
            return;
        }
        bool isLater = jobs.IsWritingFile || !context.MayBlock;
        if (!log.TryRewrite(isLater))
        {
            context.Reply.Error(ErrorText.RewriteFailed);
            return;
        }
        context.Reply.Simple(
            isLater ? "Background append only file rewriting scheduled"u8 : "Background append only file rewriting started"u8);
    }
}
