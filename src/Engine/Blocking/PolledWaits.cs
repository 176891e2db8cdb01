using System.Diagnostics;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Blocking;

/// <summary>Clients that wait for something that is looked at whenever it may have come. Under the execution lock.</summary>
public sealed class PolledWaits(BlockedSessions blocked)
{
    private readonly List<PolledWait> _all = [];

    /// <summary>Those who wait.</summary>
    public IReadOnlyList<PolledWait> All => _all;

    /// <summary>Answers those who need not wait any longer.</summary>
    public void Serve()
    {
        for (int i = _all.Count - 1; i >= 0; i--)
        {
            if (_all[i].IsMet)
            {
                blocked.Unblock(_all[i].Session, withError: false);
            }
        }
    }

    internal void Add(PolledWait wait) => _all.Add(wait);

    internal void Remove(PolledWait wait)
    {
        bool wasThere = _all.Remove(wait);
        Debug.Assert(wasThere, "It ends once.");
    }
}

/// <summary>One that waits so; what it is answered when it need not wait is what it is answered when its time is over.</summary>
public abstract class PolledWait(PolledWaits waits, Session session, long deadlineMs) : BlockedOperation(session, deadlineMs)
{
    /// <summary>It need not wait any longer.</summary>
    public abstract bool IsMet { get; }

    protected internal override void Began(CommandContext context) => waits.Add(this);

    protected internal override void Ended() => waits.Remove(this);
}
