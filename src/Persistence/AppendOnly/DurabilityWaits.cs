using System.Diagnostics;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Persistence.AppendOnly;

/// <summary>Clients that wait until what they changed is durable: WAITAOF.</summary>
public sealed class DurabilityWaits(AppendOnlyLog log, BlockedSessions blocked)
{
    private readonly List<DurabilityWait> _waits = [];

    /// <summary>Nobody waits.</summary>
    public bool IsEmpty => _waits.Count == 0;

    /// <summary>Everything appended so far is durable.</summary>
    public bool IsDurable => log.IsOpen && log.DurableEnd >= log.AppendedEnd;

    /// <summary>
    /// Makes the session wait until everything appended so far is durable, or for replicas, of which there are none yet, until the deadline
    /// in monotonic milliseconds.
    /// </summary>
    public void Wait(Session session, bool wantsReplicas, long deadlineMs)
    {
        var wait = new DurabilityWait(this, session, wantsReplicas ? long.MaxValue : log.AppendedEnd, log.AppendedEnd, deadlineMs);
        _waits.Add(wait);
        blocked.Block(wait);
    }

    /// <summary>Answers those who need not wait any longer; to be called with the turn whenever more has become durable.</summary>
    public void Serve()
    {
        long durableEnd = log.DurableEnd;
        for (int i = _waits.Count - 1; i >= 0; i--)
        {
            if (_waits[i].WantedEnd <= durableEnd)
            {
                blocked.Unblock(_waits[i].Session, withError: false);
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

    private sealed class DurabilityWait(DurabilityWaits owner, Session session, long wantedEnd, long appendedEnd, long deadlineMs)
        : BlockedOperation(session, deadlineMs)
    {
        public long WantedEnd => wantedEnd;

        public override void AnswerTimeout(ReplyWriter reply) => Answer(reply, owner.IsDurableUpTo(appendedEnd));

        protected override void Ended()
        {
            bool wasThere = owner._waits.Remove(this);
            Debug.Assert(wasThere);
        }
    }

    private bool IsDurableUpTo(long end) => log.IsOpen && log.DurableEnd >= end;
}
