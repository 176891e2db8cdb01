using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.Replication.Primary;

/// <summary>
/// Where changes are to reach replicas (min-replicas-to-write), nothing is changed while there are too few; a replica's own do not count.
/// </summary>
public sealed class GoodReplicasGate(ServerRole role) : Gate(Concern.GoodReplicas)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if ((flags & CommandFlags.Write) == 0 || role.IsReplica)
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.NoReplicas);
        return Verdict.Refused;
    }
}
