using Bixbite.Configuration;
using Bixbite.Configuration.Themes;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.Engine.Gates;

/// <summary>Where snapshots are wanted and cannot be saved, nothing is changed that could be lost.</summary>
public sealed class SnapshotGate(Settings settings) : Gate(Concern.Snapshot)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        PersistenceSettings wanted = settings.Persistence;
        bool isConcerned = (flags & (CommandFlags.Write | CommandFlags.NeedsDisk)) != 0;
        if (!isConcerned || !wanted.StopWritesOnSaveError.Value || wanted.Save.Value.Count == 0)
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.SnapshotFailed);
        return Verdict.Refused;
    }
}
