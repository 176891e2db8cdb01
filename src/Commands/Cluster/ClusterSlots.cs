using System.Text;
using Bixbite.Cluster;
using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.Cluster;

/// <summary>The slots and who has them, for clients: CLUSTER SLOTS, CLUSTER SHARDS.</summary>
public sealed class ClusterSlots(ClusterState cluster)
{
    [Command(
        "cluster|slots", Group = "cluster", Since = "3.0.0", Arity = 2, Flags = "stale", Tips = "nondeterministic_output",
        DeprecatedSince = "7.0.0", ReplacedBy = "`CLUSTER SHARDS`",
        History = "4.0.0 Added node IDs. | 7.0.0 Added additional networking metadata field.",
        Complexity = "O(N) with N the number of nodes",
        Summary = "Returns the ranges of slots, and the nodes of each.")]
    public void Slots(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        ClusterDocument document = cluster.View.Document;
        (SlotRange Range, ClusterShard Shard)[] ranges =
        [
            .. document.Shards.Values.SelectMany(shard => shard.Slots.Ranges.Select(range => (Range: range, shard)))
                .OrderBy(entry => entry.Range.First),
        ];
        context.Reply.Array(ranges.Length);
        foreach ((SlotRange range, ClusterShard shard) in ranges)
        {
            ClusterNode[] nodes = NodesOf(document, shard, onlyUsable: true);
            context.Reply.Array(2 + nodes.Length);
            context.Reply.Integer(range.First);
            context.Reply.Integer(range.Last);
            foreach (ClusterNode node in nodes)
            {
                AnswerEndpoint(context, node);
            }
        }
    }

    [Command(
        "cluster|shards", Group = "cluster", Since = "7.0.0", Arity = 2, Flags = "stale", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the number of nodes",
        Summary = "Returns the shards, with their slots and nodes.")]
    public void Shards(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        ReplyWriter reply = context.Reply;
        ClusterDocument document = cluster.View.Document;
        reply.Array(document.Shards.Count);
        foreach (ClusterShard shard in document.Shards.Values)
        {
            reply.Map(2);
            reply.Bulk("slots"u8);
            reply.Array(2 * shard.Slots.Ranges.Length);
            foreach (SlotRange range in shard.Slots.Ranges)
            {
                reply.Integer(range.First);
                reply.Integer(range.Last);
            }
            reply.Bulk("nodes"u8);
            ClusterNode[] nodes = NodesOf(document, shard, onlyUsable: false);
            reply.Array(nodes.Length);
            foreach (ClusterNode node in nodes)
            {
                AnswerNode(reply, node, node.Id == shard.Primary);
            }
        }
    }

    /// <summary>The primary first; of the replicas those that are not known to be down.</summary>
    private ClusterNode[] NodesOf(ClusterDocument document, ClusterShard shard, bool onlyUsable) =>
    [
        document.Nodes[shard.Primary],
        .. document.ReplicasOf(shard).Where(node => !onlyUsable || !cluster.Plane!.HealthOf(node.Id).IsFailed),
    ];

    private void AnswerEndpoint(CommandContext context, ClusterNode node)
    {
        ReplyWriter reply = context.Reply;
        reply.Array(4);
        AnswerText(reply, cluster.EndpointOf(node));
        reply.Integer(ClusterState.PortOf(node, context.Session));
        AnswerText(reply, node.Id.ToString());
        bool hasIp = cluster.PreferredEndpoint != EndpointType.Ip && node.Address.Host.Length > 0;
        bool hasName = cluster.PreferredEndpoint != EndpointType.HostName && node.Address.HostName.Length > 0;
        reply.Map((hasIp ? 1 : 0) + (hasName ? 1 : 0));
        if (hasIp)
        {
            reply.Bulk("ip"u8);
            AnswerText(reply, node.Address.Host);
        }
        if (hasName)
        {
            reply.Bulk("hostname"u8);
            AnswerText(reply, node.Address.HostName);
        }
    }

    private void AnswerNode(ReplyWriter reply, ClusterNode node, bool isPrimary)
    {
        NodeHealth health = cluster.Plane!.HealthOf(node.Id);
        NodeAddress address = node.Address;
        List<(string Name, object? Value)> fields = [("id", node.Id.ToString())];
        if (address.Port != 0)
        {
            fields.Add(("port", (long)address.Port));
        }
        if (address.TlsPort != 0)
        {
            fields.Add(("tls-port", (long)address.TlsPort));
        }
        fields.Add(("ip", address.Host));
        fields.Add(("endpoint", cluster.EndpointOf(node)));
        if (address.HostName.Length > 0)
        {
            fields.Add(("hostname", address.HostName));
        }
        fields.Add(("role", isPrimary ? "master" : "replica"));
        fields.Add(("replication-offset", health.Offset));
        fields.Add(("health", health.IsFailed ? "fail" : "online"));
        reply.Map(fields.Count);
        foreach ((string name, object? value) in fields)
        {
            AnswerText(reply, name);
            if (value is long number)
            {
                reply.Integer(number);
            }
            else
            {
                AnswerText(reply, (string?)value);
            }
        }
    }

    private static void AnswerText(ReplyWriter reply, string? text)
    {
        if (text is null)
        {
            reply.Null();
        }
        else
        {
            reply.Bulk(Encoding.ASCII.GetBytes(text));
        }
    }
}
