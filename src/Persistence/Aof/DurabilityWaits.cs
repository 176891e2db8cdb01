using Bixbite.Engine.Blocking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Persistence.Aof;

/// <summary>Clients that wait until what they changed is durable: WAITAOF.</summary>
public sealed class DurabilityWaits(AofWriter log, BlockedSessions blocked)
{
    private static readonly byte[] s_refusal = [(byte)'-', .. ErrorText.WaitWithoutLog, (byte)'\r', (byte)'\n'];

    private readonly PolledWaits _waits = new(blocked);

    private long AppendedEnd => log.AppendedEnd;

    /// <summary>Nobody waits.</summary>
    public bool IsEmpty => _waits.All.Count == 0;

    /// <summary>The log counts: its base is in force.</summary>
    public bool IsInForce { get; set; }

    /// <summary>Everything appended so far is durable.</summary>
    public bool IsDurable => IsDurableUpTo(log.AppendedEnd);

    /// <summary>The logs of replicas; null where there is no replication.</summary>
    public IReplicaLogs? Replicas { get; set; }

    /// <summary>How many replicas have in their logs what the session has changed so far.</summary>
    public int ReplicaCountOf(Session session) => Replicas?.CountAt(session.Activity.ChangedEnd) ?? 0;

    /// <summary>
    /// Makes the session wait until everything appended so far is durable, and what it has changed is in the logs of so many replicas, but
    /// no longer than until the deadline in monotonic milliseconds. One who does not want this server's log goes on waiting when it is
    /// switched off.
    /// </summary>
    public void Wait(CommandContext context, bool wantsLog, long replicaCount, long deadlineMs)
    {
        if (context.Suspend(new DurabilityWait(this, context.Session, wantsLog, replicaCount, deadlineMs)) && replicaCount > 0)
        {
            Replicas?.Ask();
        }
    }

    /// <summary>
    /// Answers those who need not wait any longer; to be called under the execution lock whenever more has become durable, here or there.
    /// </summary>
    public void Serve() => _waits.Serve();

    /// <summary>The log was switched off: those who waited for it are told so.</summary>
    public void Refuse()
    {
        IsInForce = false;
        for (int i = _waits.All.Count - 1; i >= 0; i--)
        {
            if (_waits.All[i] is DurabilityWait { WantsLog: true } wait)
            {
                blocked.Finish(wait, s_refusal);
            }
        }
    }

    /// <summary>Answers how many logs have everything: this server's own, and those of replicas.</summary>
    public static void Answer(ReplyWriter reply, bool isDurable, int replicaCount)
    {
        reply.Array(2);
        reply.Integer(isDurable ? 1 : 0);
        reply.Integer(replicaCount);
    }

    private bool IsDurableUpTo(long end) => IsInForce && log.DurableEnd >= end;

    private sealed class DurabilityWait(DurabilityWaits owner, Session session, bool wantsLog, long replicaCount, long deadlineMs)
        : PolledWait(owner._waits, session, deadlineMs)
    {
        private readonly long _appendedEnd = owner.AppendedEnd;
        private readonly long _changedEnd = session.Activity.ChangedEnd;

        public bool WantsLog => wantsLog;

        public override bool IsMet => (!wantsLog || IsDurable) && (replicaCount == 0 || ReplicaCount >= replicaCount);

        public override WaitReason Reason => wantsLog ? WaitReason.LocalDurability : WaitReason.Replicas;

        private bool IsDurable => owner.IsDurableUpTo(_appendedEnd);

        private int ReplicaCount => owner.Replicas?.CountAt(_changedEnd) ?? 0;

        public override void AnswerTimeout(ReplyWriter reply) => Answer(reply, IsDurable, ReplicaCount);
    }
}
