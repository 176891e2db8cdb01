using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Replication.Migration;

/// <summary>A client that has sent MIGRATE, and waits until its keys are at the target, or stay. Others go on.</summary>
public sealed class MigrationWait(Session session, Migrations owner, KeyMigration migration) : BlockedOperation(session, Forever)
{
    public KeyMigration Migration => migration;

    public override WaitReason Reason => WaitReason.Transfer;

    public override bool MayBeUnblocked => false;

    public override void AnswerTimeout(ReplyWriter reply) => AnswerRefusal(reply);

    public override void AnswerRefusal(ReplyWriter reply) => reply.Error(ReplicationErrorText.MigrateMustWait);

    protected override void Ended()
    {
        owner.Abandon(migration);
        migration.Requests.Clear();
    }
}
