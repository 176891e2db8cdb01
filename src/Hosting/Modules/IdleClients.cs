using Bixbite.Engine.Sessions;
using Bixbite.Logging;

namespace Bixbite.Hosting.Modules;

/// <summary>
/// Closes clients that have been silent for longer than <c>timeout</c> seconds. Monitors, replicas, the primary and waiting clients may be
/// silent.
/// </summary>
internal sealed class IdleClients(SessionTable sessions, ClientSettings settings, ServerLog log)
{
    private const SessionFlags Excused =
        SessionFlags.Monitor | SessionFlags.Replica | SessionFlags.Primary | SessionFlags.Blocked | SessionFlags.Closing;

    private readonly List<Session> _silent = [];

    public void Run(long nowMs)
    {
        long timeoutMs = settings.Timeout.Value * 1000L;
        if (timeoutMs == 0)
        {
            return;
        }
        foreach (Session session in sessions.All)
        {
            if ((session.Flags & Excused) == 0 && nowMs - session.Activity.LastSeenMs > timeoutMs)
            {
                _silent.Add(session);
            }
        }
        foreach (Session session in _silent)
        {
            log.Write(LogLevel.Verbose, "Closing idle client");
            session.Close();
        }
        _silent.Clear();
    }
}
