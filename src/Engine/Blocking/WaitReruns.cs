using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// Runs the command of a wait again, outside of all requests, when what it waited for has come; the client gets the reply then. Under the
/// execution lock.
/// </summary>
/// <param name="runner">Runs commands.</param>
/// <param name="blocked">Those who wait.</param>
/// <param name="recorder">Told of what runs between rounds.</param>
/// <param name="tracking">Told what the command reads.</param>
/// <param name="context">Used by nobody else; its replies are sent from here.</param>
/// <param name="batch">Used by nobody else.</param>
public sealed class WaitReruns(
    CommandRunner runner, BlockedSessions blocked, CommandRecorder recorder, KeyTracking tracking, CommandContext context,
    RequestBatch batch)
{
    private const int ReplySizeKept = 64 * 1024;

    /// <summary>Runs the command, which finds its wait in <see cref="CommandContext.Waiting"/>; it may wait on.</summary>
    public void Run(BlockedOperation wait)
    {
        ReplyWriter reply = context.Reply;
        reply.Begin();
        batch.Add(wait.Arguments);
        context.Begin(wait, batch);
        if (tracking.IsOn)
        {
            tracking.BeginCommand(wait.Session);
        }
        Outcome outcome = runner.Run(context, Origin.Retry);
        bool isTelling = tracking.HasMessages;
        if (tracking.IsFollowing)
        {
            tracking.EndCommand(context);
        }
        if (outcome == Outcome.Done)
        {
            blocked.Finish(wait, reply.Buffer.Written(0));
            if (reply.IsOverflown)
            {
                wait.Session.Link.Abort();
            }
        }
        else if (isTelling)
        {
            wait.Session.Link.Send(reply.Buffer.Written(0));
        }
        reply.Buffer.Truncate(0);
        reply.Buffer.Shrink(ReplySizeKept);
        batch.Clear();
    }

    /// <summary>As <see cref="Run"/>, where no request has been run before.</summary>
    public void RunBetweenRounds(BlockedOperation wait)
    {
        recorder.BeginRound();
        Run(wait);
    }
}
