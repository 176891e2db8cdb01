using System.Diagnostics;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Persistence.Aof;

/// <summary>Clients that wait until what they changed is durable: WAITAOF.</summary>
public sealed class DurabilityWaits(AofWriter log, BlockedSessions blocked)
{
    private static readonly byte[] s_refusal = [(byte)'-', .. ErrorText.WaitWithoutLog, (byte)'\r', (byte)'\n'];

    private readonly List<DurabilityWait> _waits = [];

    /// <summary>Nobody waits.</summary>
    public bool IsEmpty => _waits.Count == 0;

    /// <summary>The log counts: its base is in force.</summary>
    public bool IsInForce { get; set; }

    /// <summary>Everything appended so far is durable.</summary>
    public bool IsDurable => IsDurableUpTo(log.AppendedEnd);

    /// <summary>
    /// Makes the session wait until everything appended so far is durable, or for replicas, of which there are none yet, until the deadline
    /// in monotonic milliseconds. One who does not want the log goes on waiting when it is switched off.
    /// </summary>
    public void Wait(CommandContext context, bool wantsLog, bool wantsReplicas, long deadlineMs)
    {
        long end = log.AppendedEnd;
        var wait = new DurabilityWait(this, context.Session, wantsLog, wantsReplicas ? long.MaxValue : end, end, deadlineMs);
        context.Suspend(wait);
    }

    /// <summary>
    /// Answers those who need not wait any longer; to be called under the execution lock whenever more has become durable.
    /// </summary>
    public void Serve()
    {
        for (int i = _waits.Count - 1; i >= 0; i--)
        {
            if (IsDurableUpTo(_waits[i].WantedEnd))
            {
                blocked.Unblock(_waits[i].Session, withError: false);
            }
        }
    }

    /// <summary>The log was switched off: those who waited for it are told so.</summary>
    public void Refuse()
    {
        IsInForce = false;
        for (int i = _waits.Count - 1; i >= 0; i--)
        {
            if (_waits[i].WantsLog)
            {
                blocked.Finish(_waits[i], s_refusal);
            }
        }
    }

    /// <summary>Answers how many logs have everything: this server's own, and those of replicas.</summary>
    public static void Answer(ReplyWriter reply, bool isDurable)
    {
        reply.Array(2);
        reply.Integer(isDurable ? 1 : 0);
        reply.Integer(0);
    }

    private sealed class DurabilityWait(
        DurabilityWaits owner, Session session, bool wantsLog, long wantedEnd, long appendedEnd, long deadlineMs)
        : BlockedOperation(session, deadlineMs)
    {
        public bool WantsLog => wantsLog;

        public long WantedEnd => wantedEnd;

        public override WaitReason Reason => WaitReason.LocalDurability;

        public override void AnswerTimeout(ReplyWriter reply) => Answer(reply, owner.IsDurableUpTo(appendedEnd));

        protected override void Began(CommandContext context) => owner._waits.Add(this);

        protected override void Ended()
        {
            bool wasThere = owner._waits.Remove(this);
            Debug.Assert(wasThere);
        }
    }

    private bool IsDurableUpTo(long end) => IsInForce && log.DurableEnd >= end;
}
