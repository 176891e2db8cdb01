using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Commands.Keys;

/// <summary>
/// WAIT: until enough replicas have acknowledged what was written. There are no replicas, so whoever waits for one waits out its time.
/// </summary>
public sealed class Wait(IClock clock)
{
    [Command(
        "wait", Group = "generic", Since = "3.0.0", Arity = 3,
        Flags = "blocking", Categories = "connection", Tips = "request_policy:all_shards response_policy:agg_min",
        Complexity = "O(1)",
        Summary = "Waits until replicas have acknowledged the writes before it.",
        Syntax = "numreplicas:integer timeout:integer")]
    public void Run(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 1);
        long replicaCount = arguments.Integer();
        if (arguments.AnswerFailure() || !TimeoutArgument.TryRead(context, 2, TimeoutUnit.Milliseconds, out long timeoutMs))
        {
            return;
        }
        if (replicaCount <= 0)
        {
            context.Reply.Integer(0);
            return;
        }
        context.Suspend(new ReplicaWait(context.Session, BlockedOperation.DeadlineAfter(clock, timeoutMs)));
    }

    private sealed class ReplicaWait(Session session, long deadlineMs) : BlockedOperation(session, deadlineMs)
    {
        public override WaitReason Reason => WaitReason.Replicas;

        public override void AnswerTimeout(ReplyWriter reply) => reply.Integer(0);
    }
}
