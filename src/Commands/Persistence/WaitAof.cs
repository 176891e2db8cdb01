using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Persistence.Aof;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Persistence;

/// <summary>Waiting until changes are durable: WAITAOF.</summary>
public sealed class WaitAof(AofControl log, DurabilityWaits waits, ServerRole role, IClock clock)
{
    [Command(
        "waitaof",
        Group = "generic",
        Since = "7.2.0",
        Arity = 4,
        Flags = "blocking",
        Categories = "connection",
        Tips = "request_policy:all_shards response_policy:agg_min",
        Complexity = "O(1)",
        Summary = "Waits until the client's changes are durable here and in so many replicas' logs.",
        Syntax = "numlocal:integer numreplicas:integer timeout:integer")]
    public void Run(CommandContext context)
    {
        if (!TryReadCounts(context, out long localCount, out long replicaCount)
            || !TimeoutArgument.TryRead(context, 3, TimeoutUnit.Milliseconds, out long timeoutMs))
        {
            return;
        }
        if (role.IsReplica)
        {
            context.Reply.Error(ReplicationErrorText.WaitAofOnReplica);
            return;
        }
        if (localCount > 0 && !log.IsOn)
        {
            context.Reply.Error(ErrorText.WaitWithoutLog);
            return;
        }
        int replicas = waits.ReplicaCountOf(context.Session);
        if (replicas >= replicaCount && (localCount == 0 || waits.IsDurable))
        {
            DurabilityWaits.Answer(context.Reply, waits.IsDurable, replicas);
            return;
        }
        waits.Wait(context, wantsLog: localCount > 0, replicaCount, BlockedOperation.DeadlineAfter(clock, timeoutMs));
    }

    private static bool TryReadCounts(CommandContext context, out long localCount, out long replicaCount)
    {
        replicaCount = 0;
        if (!Integers.TryParse(context[1], out localCount) || localCount is < 0 or > 1)
        {
            ErrorText.MustBeBetween(context.Reply, 0, 1);
            return false;
        }
        if (!Integers.TryParse(context[2], out replicaCount) || replicaCount < 0)
        {
            context.Reply.Error(ErrorText.MustBePositive);
            return false;
        }
        return true;
    }
}
