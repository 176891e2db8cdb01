using Bixbite.Cluster;
using Bixbite.Cluster.Control;
using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Cluster.Storage;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Transactions;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Replication.Streaming;
using Bixbite.Tls;

namespace Bixbite.Hosting.Modules;

/// <summary>
/// A node of a cluster: its slots, and where the others are. Without <c>cluster-enabled</c> it adds nothing but its names.
/// </summary>
internal sealed class ClusterModule : Module
{
    private const int BusPortDistance = 10_000;
    private const int PortMax = 65535;
    private const int BufferSize = 64;

    public override void AddSettings(Settings settings)
    {
        settings.Add(new ClusterSettings(settings));
        settings.Add(new AnnounceSettings(settings));
    }

    public override void Add(ServerBuilder server)
    {
        ClusterSettings settings = server.Get<ClusterSettings>();
        ClusterState state = server.AddPart(new ReplicaReaders(server.Add(new ClusterState(settings)))).State;
        server.Add(new ClusterProposals(
            state, server.Get<BlockedSessions>(), new NativeBuffer(server.Workspace, BufferSize)));
        server.Info["Cluster"].Fixed(settings.Enabled.Value ? 1 : 0, "cluster_enabled");
        if (!settings.Enabled.Value)
        {
            return;
        }
        var router = new SlotRouter(state, settings, server.Get<TransactionQueue>());
        server.Add<ISlotRules>(router);
        server.AddGate(new SlotGate(router));
        server.Raised.Set(Concern.Slot, true);
        server.Add(new SlotDepartures(state, router, server.Get<BlockedSessions>(), server.Get<PubSubBroker>()));
    }

    /// <summary>The node takes up what it knew when it ended, or begins as a cluster of its own.</summary>
    public override void Connect(ServerBuilder server)
    {
        ClusterSettings settings = server.Get<ClusterSettings>();
        if (!settings.Enabled.Value)
        {
            return;
        }
        ClusterFile file = server.Add(new ClusterFile(settings.ConfigFile.Value, server.Get<IDisk>()));
        ClusterState state = server.Get<ClusterState>();
        ClusterFileContent content = Load(file, server);
        ReplicationStream stream = server.Get<ReplicationStream>();
        var plane = new LocalControlPlane(state, file, () => stream.End);
        state.Begin(plane, new ClusterView(content.Document, content.Self), content.Open);
        Announce(server, state);
    }

    private static ClusterFileContent Load(ClusterFile file, ServerBuilder server)
    {
        string? problem = file.Take();
        ClusterFileContent? content = problem is null ? file.Load(out problem) : null;
        if (problem is null && content is null)
        {
            var node = new ClusterNode(ClusterId.Draw(), AddressOf(server, host: ""), ClusterId.Draw(), NodeFlags.None);
            content = new ClusterFileContent(node.Id, ClusterDocument.Alone(ClusterId.Draw(), node), new OpenSlots());
            problem = file.Save(content);
            server.Log.Write(LogLevel.Notice, $"No cluster configuration found, I'm {node.Id}");
        }
        if (problem is not null)
        {
            file.Dispose();
            throw new ServerStartException($"The node cannot start: {problem}.");
        }
        return content!;
    }

    /// <summary>The others and the clients are told where the node is, now and whenever that changes.</summary>
    private static void Announce(ServerBuilder server, ClusterState state)
    {
        AnnounceSettings announced = server.Get<AnnounceSettings>();
        Action tell = () =>
        {
            ClusterNode self = state.View.Self;
            NodeAddress address = AddressOf(server, self.Address.Host);
            if (address != self.Address)
            {
                state.Plane!.Propose(new UpdateAddress(self.Id, address), result => Report(server.Log, result));
            }
        };
        tell();
        Setting[] followed =
        [
            announced.Host, announced.HostName, announced.HumanName, announced.Port, announced.TlsPort, announced.BusPort,
            server.Get<NetworkSettings>().Port, server.Get<TlsSettings>().Port,
        ];
        foreach (Setting setting in followed)
        {
            setting.Changed += tell;
        }
    }

    private static void Report(ServerLog log, ProposalResult result)
    {
        if (!result.IsDone)
        {
            log.Write(LogLevel.Warning, $"The node's address is not told: {result.Failure ?? result.Outcome.ToString()}");
        }
    }

    private static NodeAddress AddressOf(ServerBuilder server, string host)
    {
        AnnounceSettings announced = server.Get<AnnounceSettings>();
        int port = server.Get<NetworkSettings>().Port.Value;
        int tlsPort = server.Get<TlsSettings>().Port.Value;
        int busPort = server.Get<ClusterSettings>().BusPort.Value;
        int basePort = port == 0 ? tlsPort : port;
        return new NodeAddress(
            announced.Host.IsSet ? announced.Host.Value : host,
            announced.Port.Value == 0 ? port : announced.Port.Value,
            announced.TlsPort.Value == 0 ? tlsPort : announced.TlsPort.Value,
            announced.BusPort.Value != 0 ? announced.BusPort.Value : busPort != 0 ? busPort : Math.Min(basePort + BusPortDistance, PortMax),
            announced.HostName.Value,
            announced.HumanName.Value);
    }
}
