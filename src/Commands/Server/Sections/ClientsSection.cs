using Bixbite.Engine.Blocking;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Settings;
using Bixbite.Engine.Transactions;
using Bixbite.Platform;

namespace Bixbite.Commands.Server.Sections;

/// <summary>INFO's section about the connected clients.</summary>
public sealed class ClientsSection(
    SessionTable sessions, BlockedSessions blocked, KeyWaits waits, WatchedKeys watches, PauseGate pause, Settings settings, IClock clock)
    : IInfoSection
{
    private static readonly InfoField<ClientsSection>[] s_fields =
    [
        new("connected_clients", section => section._sessions.Count),
        new("cluster_connections", 0),
        new("maxclients", section => section._settings.Clients.MaxClients.Value),
        new("client_recent_max_input_buffer", section => section.Largest(link => link.PendingInput)),
        new("client_recent_max_output_buffer", section => section.Largest(link => link.PendingOutput)),
        new("blocked_clients", section => section._blocked.Count + section._pause.WaitingCount),
        new("tracking_clients", 0),
        new("pubsub_clients", 0),
        new("watching_clients", section => section._watches.SessionCount),
        new("clients_in_timeout_table", section => section._blocked.TimedCount),
        new("total_watched_keys", section => section._watches.KeyCount),
        new("total_blocking_keys", section => section._waits.KeyCount),
        new("total_blocking_keys_on_nokey", section => section._waits.MissingKeyCount),
        new("paused_reason", section => section._pause.IsOn ? "client_pause" : "none"),
        new("paused_actions", section => section.PausedActions),
        new("paused_timeout_milliseconds", section => section.PauseLeftMs),
    ];

    private readonly SessionTable _sessions = sessions;
    private readonly BlockedSessions _blocked = blocked;
    private readonly KeyWaits _waits = waits;
    private readonly WatchedKeys _watches = watches;
    private readonly PauseGate _pause = pause;
    private readonly Settings _settings = settings;
    private readonly IClock _clock = clock;

    public string Heading => "Clients";

    private string PausedActions => !_pause.IsOn ? "none" : _pause.IsForAll ? "all" : "write";

    private long PauseLeftMs => _pause.IsOn ? Math.Max(_pause.EndMs - (_clock.MonotonicUs / 1000), 0) : 0;

    public void Append(InfoText text) => text.Lines(s_fields, this);

    private long Largest(Func<ILink, long> size)
    {
        long largest = 0;
        foreach (Session session in _sessions.All)
        {
            largest = Math.Max(largest, size(session.Link));
        }
        return largest;
    }
}
