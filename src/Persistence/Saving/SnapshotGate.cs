using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.Persistence.Saving;

/// <summary>Where snapshots are wanted and cannot be saved, nothing is changed that could be lost.</summary>
public sealed class SnapshotGate(SnapshotSettings settings) : Gate(Concern.Snapshot)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        bool isConcerned = (flags & (CommandFlags.Write | CommandFlags.NeedsDisk)) != 0;
        if (!isConcerned || !settings.RefusesWritesWithoutSnapshots)
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.SnapshotFailed);
        return Verdict.Refused;
    }
}
