using System.Globalization;
using System.Text;
using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.Commands.Cluster;

/// <summary>The nodes, a line each: CLUSTER NODES, REPLICAS and SLAVES, its older name.</summary>
public sealed class ClusterNodes(ClusterState cluster)
{
    [Command(
        "cluster|nodes", Group = "cluster", Since = "3.0.0", Arity = 2, Flags = "stale", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the number of nodes",
        Summary = "Returns all nodes, with their addresses, roles and slots.")]
    public void Nodes(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        var text = new StringBuilder();
        foreach (ClusterNode node in cluster.View.Document.Nodes.Values)
        {
            Append(text, node, context.Session);
            text.Append('\n');
        }
        context.Reply.Verbatim(Encoding.ASCII.GetBytes(text.ToString()), "txt"u8);
    }

    [Command(
        "cluster|replicas", Group = "cluster", Since = "5.0.0", Arity = 3, Flags = "admin stale", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the number of nodes",
        Summary = "Returns the replicas of a primary.",
        Syntax = "node-id")]
    public void Replicas(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (ClusterAccess.FindNode(context[2], cluster) is not { } node)
        {
            ClusterErrorText.UnknownNode(context.Reply, context[2]);
            return;
        }
        ClusterDocument document = cluster.View.Document;
        if (document.ShardOf(node.Id) is not { } shard || shard.Primary != node.Id)
        {
            context.Reply.Error(ClusterErrorText.NotAPrimary);
            return;
        }
        ClusterNode[] replicas = [.. document.ReplicasOf(shard)];
        context.Reply.Array(replicas.Length);
        foreach (ClusterNode replica in replicas)
        {
            var line = new StringBuilder();
            Append(line, replica, context.Session);
            context.Reply.Bulk(Encoding.ASCII.GetBytes(line.ToString()));
        }
    }

    [Command(
        "cluster|slaves", Group = "cluster", Since = "3.0.0", Arity = 3, Flags = "admin stale", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the number of nodes",
        DeprecatedSince = "5.0.0", ReplacedBy = "`CLUSTER REPLICAS`",
        Summary = "Returns the replicas of a primary.",
        Syntax = "node-id")]
    public void Slaves(CommandContext context) => Replicas(context);

    private void Append(StringBuilder line, ClusterNode node, Session client)
    {
        ClusterDocument document = cluster.View.Document;
        ClusterShard? shard = document.ShardOf(node.Id);
        bool isPrimary = shard?.Primary == node.Id;
        NodeHealth health = cluster.Plane!.HealthOf(node.Id);
        int port = ClusterState.PortOf(node, client);
        line.Append(CultureInfo.InvariantCulture, $"{node.Id} {node.Address.Host}:{port}@{node.Address.BusPort}");
        if (node.Address.HostName.Length > 0)
        {
            line.Append(',').Append(node.Address.HostName);
        }
        line.Append(' ').Append(FlagsOf(node, isPrimary, health)).Append(' ');
        line.Append(isPrimary || shard is null ? "-" : shard.Primary.ToString());
        line.Append(
            CultureInfo.InvariantCulture,
            $" {health.PingSentMs} {health.PongReceivedMs} {shard?.Epoch ?? 0} {(health.IsConnected ? "connected" : "disconnected")}");
        if (isPrimary)
        {
            foreach (SlotRange range in shard!.Slots.Ranges)
            {
                line.Append(CultureInfo.InvariantCulture, $" {range}");
            }
        }
        if (node.Id == cluster.View.Self.Id)
        {
            AppendOpen(line);
        }
    }

    private string FlagsOf(ClusterNode node, bool isPrimary, NodeHealth health) =>
        (node.Id == cluster.View.Self.Id ? "myself," : "")
        + (isPrimary || node.IsWitness ? "master" : "slave")
        + (health.IsFailed ? ",fail" : "");

    private void AppendOpen(StringBuilder line)
    {
        foreach ((int slot, ClusterId target) in cluster.Open.Migrating)
        {
            line.Append(CultureInfo.InvariantCulture, $" [{slot}->-{target}]");
        }
        foreach ((int slot, ClusterId source) in cluster.Open.Importing)
        {
            line.Append(CultureInfo.InvariantCulture, $" [{slot}-<-{source}]");
        }
    }
}
