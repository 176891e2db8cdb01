using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;

namespace Bixbite.Replication.Migration;

/// <summary>
/// Requests that may change a key on its way to another server wait until it is there, or stays. Those that do not name their keys, and
/// transactions, wait for all of them.
/// </summary>
internal sealed class MigrationGate : Gate, ISessionPart
{
    private readonly Migrations _migrations;
    private readonly PostponedSessions _waiting = new();

    public MigrationGate(Migrations migrations)
        : base(Concern.Migration)
    {
        _migrations = migrations;
        migrations.Freed = _waiting.Resume;
    }

    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if ((flags & (CommandFlags.Write | CommandFlags.MayReplicate)) == 0 || !_migrations.Concerns(context))
        {
            return Verdict.Admitted;
        }
        _waiting.Add(context.Session);
        return Verdict.Postponed;
    }

    /// <summary>Who waits runs no RESET.</summary>
    void ISessionPart.Reset(Session session)
    {
    }

    void ISessionPart.End(Session session) => _waiting.Forget(session);
}
