using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// Runs the command of a wait again, outside of all requests, when what it waited for has come; the client gets the reply then. Under the
/// execution lock. Commands that wait for keys have <see cref="ReadyKeyDispatcher"/>.
/// </summary>
/// <param name="runner">Runs commands.</param>
/// <param name="blocked">Those who wait.</param>
/// <param name="recorder">Told that commands run.</param>
/// <param name="context">Used by nobody else; its replies are sent from here.</param>
/// <param name="batch">Used by nobody else.</param>
public sealed class WaitReruns(
    CommandRunner runner, BlockedSessions blocked, CommandRecorder recorder, CommandContext context, RequestBatch batch)
{

    /// <summary>Runs the command, which finds its wait in <see cref="CommandContext.Waiting"/> and must not wait again.</summary>
    public void Run(BlockedOperation wait)
    {
        ReplyWriter reply = context.Reply;
        recorder.BeginRound();
        reply.Begin();
        batch.Add(wait.Arguments);
        context.Begin(wait, batch);
        if (runner.Run(context, Origin.Retry) == Outcome.Done)
        {
            blocked.Finish(wait, reply.Buffer.Written(0));
        }
        reply.Buffer.Truncate(0);
        batch.Clear();
    }
}
