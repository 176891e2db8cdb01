using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.Replication.Following;

/// <summary>A replica without its primary does not say what may not be so any more, if it was told so (replica-serve-stale-data).</summary>
public sealed class StaleDataGate() : Gate(Concern.StaleData)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if ((flags & CommandFlags.Stale) != 0)
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.MasterDown);
        return Verdict.Refused;
    }
}
