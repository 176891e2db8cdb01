using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Replication.Migration;

/// <summary>
/// MIGRATE within a transaction or a script, of which the others may see all or nothing: they wait as well until the target has the keys,
/// has refused them, or has been silent for too long.
/// </summary>
/// <param name="session">The client.</param>
/// <param name="owner">Brings the keys there.</param>
/// <param name="migration">The keys.</param>
/// <param name="complete">Removes here what is there, and answers.</param>
public sealed class LongMigration(
    Session session, Migrations owner, KeyMigration migration, Action<CommandContext, KeyMigration> complete) : LongOperation(session)
{
    public override ReadOnlySpan<byte> BusyError => ReplicationErrorText.BusyMigrating;

    public override bool HoldsOthers => true;

    public override bool IsResting => migration.End == MigrationEnd.None;

    public override bool Run(CommandContext context, Func<bool> isSliceOver)
    {
        if (IsResting)
        {
            return false;
        }
        complete(context, migration);
        migration.Requests.Clear();
        return true;
    }

    /// <summary>Whatever the target says from now on, nobody hears.</summary>
    public override bool TryStop()
    {
        owner.GiveUp(migration);
        return true;
    }
}
