using Bixbite.Engine.Blocking;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Observability;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;

namespace Bixbite.Hosting;

/// <summary>Takes a session out of everything that knows it.</summary>
internal sealed class SessionEnd(
    SessionTable sessions, BlockedSessions blocked, PauseGate pause, MonitorClients monitors, TransactionQueue transactions,
    PubSubBroker pubSub, KeyTracking tracking)
{
    public void Clear(Session session)
    {
        session.Set(SessionFlags.Gone, true);
        blocked.Forget(session);
        pause.Forget(session);
        transactions.Abandon(session);
        pubSub.Forget(session);
        tracking.Stop(session);
        if (session.Has(SessionFlags.Monitor))
        {
            monitors.Remove(session);
        }
        sessions.Remove(session);
    }
}
