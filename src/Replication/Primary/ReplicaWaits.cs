using Bixbite.Engine.Blocking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Primary;

/// <summary>Clients that wait until enough replicas have what they changed: WAIT. Under the execution lock.</summary>
public sealed class ReplicaWaits(Replicas replicas, ReplicationStream stream, BlockedSessions blocked)
{
    private readonly PolledWaits _waits = new(blocked);

    /// <summary>How many replicas have what the session has changed so far.</summary>
    public int CountOf(Session session) => replicas.CountWith(session.Activity.ChangedEnd);

    /// <summary>
    /// Makes the session wait until so many have what it has changed so far, or until the deadline in monotonic milliseconds, and asks
    /// them.
    /// </summary>
    public void Wait(CommandContext context, long count, long deadlineMs)
    {
        if (context.Suspend(new ReplicaWait(this, context.Session, count, deadlineMs)))
        {
            stream.AskForAcknowledgements();
        }
    }

    /// <summary>Answers those whose replicas have said so.</summary>
    public void Serve() => _waits.Serve();

    private sealed class ReplicaWait(ReplicaWaits owner, Session session, long count, long deadlineMs)
        : PolledWait(owner._waits, session, deadlineMs)
    {
        private readonly long _end = session.Activity.ChangedEnd;

        public override bool IsMet => owner.CountWith(_end) >= count;

        public override WaitReason Reason => WaitReason.Replicas;

        public override void AnswerTimeout(ReplyWriter reply) => reply.Integer(owner.CountWith(_end));
    }

    private int CountWith(long end) => replicas.CountWith(end);
}
