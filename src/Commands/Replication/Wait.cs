using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Replication.Primary;

namespace Bixbite.Commands.Replication;

/// <summary>WAIT: until enough replicas have acknowledged what the client changed.</summary>
public sealed class Wait(ReplicaWaits waits, ServerRole role, IClock clock)
{
    [Command(
        "wait", Group = "generic", Since = "3.0.0", Arity = 3,
        Flags = "blocking", Categories = "connection", Tips = "request_policy:all_shards response_policy:agg_min",
        Complexity = "O(1)",
        Summary = "Waits until replicas have acknowledged the writes before it.",
        Syntax = "numreplicas:integer timeout:integer")]
    public void Run(CommandContext context)
    {
        if (role.IsReplica)
        {
            context.Reply.Error(ReplicationErrorText.WaitOnReplica);
            return;
        }
        var arguments = new ArgumentReader(context, 1);
        long wanted = arguments.Integer();
        if (arguments.AnswerFailure() || !TimeoutArgument.TryRead(context, 2, TimeoutUnit.Milliseconds, out long timeoutMs))
        {
            return;
        }
        int count = waits.CountOf(context.Session);
        if (count >= wanted)
        {
            context.Reply.Integer(count);
            return;
        }
        waits.Wait(context, wanted, BlockedOperation.DeadlineAfter(clock, timeoutMs));
    }
}
