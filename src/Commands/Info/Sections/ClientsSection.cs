using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;

namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section about the connected clients.</summary>
public sealed class ClientsSection(ClientFacts clients, PauseGate pause, Settings settings, IClock clock) : IInfoSection
{
    private static readonly InfoField<ClientsSection>[] s_fields =
    [
        new("connected_clients", section => section._clients.Sessions.Count),
        new("cluster_connections", 0),
        new("maxclients", section => section._settings.Clients.MaxClients.Value),
        new("client_recent_max_input_buffer", section => section._largest.Input),
        new("client_recent_max_output_buffer", section => section._largest.Output),
        new("blocked_clients", section => section._clients.Blocked.Count + section._pause.WaitingCount),
        new("tracking_clients", section => section._clients.Tracking.ClientCount),
        new("pubsub_clients", section => section._clients.PubSub.SubscriberCount),
        new("watching_clients", section => section._clients.Watches.SessionCount),
        new("clients_in_timeout_table", section => section._clients.Blocked.TimedCount),
        new("total_watched_keys", section => section._clients.Watches.KeyCount),
        new("total_blocking_keys", section => section._clients.Waits.KeyCount),
        new("total_blocking_keys_on_nokey", section => section._clients.Waits.MissingKeyCount),
        new("paused_reason", section => section._pause.IsPaused ? "client_pause" : "none"),
        new("paused_actions", section => section.PausedActions),
        new("paused_timeout_milliseconds", section => section.PauseLeftMs),
    ];

    private readonly ClientFacts _clients = clients;
    private readonly PauseGate _pause = pause;
    private readonly Settings _settings = settings;
    private readonly IClock _clock = clock;
    private LargestBuffers _largest;

    public string Heading => "Clients";

    private string PausedActions => !_pause.IsPaused ? "none" : _pause.IsForAll ? "all" : "write";

    private long PauseLeftMs => _pause.IsPaused ? Math.Max(_pause.EndMs - (_clock.MonotonicUs / 1000), 0) : 0;

    public void Append(InfoText text)
    {
        _largest = FindLargest();
        text.Lines(s_fields, this);
    }

    private LargestBuffers FindLargest()
    {
        long input = 0;
        long output = 0;
        foreach (Session session in _clients.Sessions.All)
        {
            ILink link = session.Link;
            input = Math.Max(input, link.PendingInput);
            output = Math.Max(output, link.PendingOutput);
        }
        return new LargestBuffers(input, output);
    }

    private readonly record struct LargestBuffers(long Input, long Output);
}
