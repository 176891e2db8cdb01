using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.Replication.Following;

/// <summary>A replica's data is its primary's: clients may not change it (replica-read-only).</summary>
public sealed class ReadOnlyReplicaGate() : Gate(Concern.ReadOnlyReplica)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if ((flags & CommandFlags.Write) == 0)
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.ReadOnlyReplica);
        return Verdict.Refused;
    }
}
