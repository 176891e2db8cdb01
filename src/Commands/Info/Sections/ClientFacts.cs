using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Sessions;

namespace Bixbite.Commands.Info.Sections;

/// <summary>The facts of connected clients.</summary>
public static class ClientFacts
{
    public static void AddTo(ServerBuilder server)
    {
        InfoSection section = server.Info["Clients"];
        SessionTable sessions = server.Get<SessionTable>();
        section.Gauge("connected_clients", () => sessions.Count - sessions.All.Count(static session => session.Has(SessionFlags.Replica)));
        section.Fixed(0, "cluster_connections");
        ClientSettings settings = server.Get<ClientSettings>();
        section.Gauge("maxclients", () => settings.MaxClients.Value);
        section.Gauge("client_recent_max_input_buffer", () => Largest(sessions, static link => link.PendingInput), FactUnit.Bytes);
        section.Gauge("client_recent_max_output_buffer", () => Largest(sessions, static link => link.PendingOutput), FactUnit.Bytes);
    }

    private static long Largest(SessionTable sessions, Func<ILink, long> read)
    {
        long largest = 0;
        foreach (Session session in sessions.All)
        {
            largest = Math.Max(largest, read(session.Link));
        }
        return largest;
    }
}
