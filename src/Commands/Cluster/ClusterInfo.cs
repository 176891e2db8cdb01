using System.Globalization;
using System.Text;
using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.Cluster;

/// <summary>CLUSTER, and what it tells of the cluster as a whole and of this node.</summary>
[Command(
    "cluster", Group = "cluster", Since = "3.0.0", Arity = -2,
    Complexity = "Depends on the subcommand",
    Summary = "Shows and changes a cluster.")]
public sealed class ClusterInfo(ClusterState cluster)
{
    [Command(
        "cluster|info", Group = "cluster", Since = "3.0.0", Arity = 2, Flags = "stale", Tips = "nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Returns the state of the cluster, line by line.")]
    public void Info(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        ClusterView view = cluster.View;
        int failed = cluster.IsServing ? 0 : view.AssignedCount;
        (long sent, long received) = cluster.Plane!.MessageCounts;
        (string Name, object Value)[] lines =
        [
            ("cluster_state", cluster.IsDown ? "fail" : "ok"),
            ("cluster_slots_assigned", view.AssignedCount),
            ("cluster_slots_ok", view.AssignedCount - failed),
            ("cluster_slots_pfail", 0),
            ("cluster_slots_fail", failed),
            ("cluster_known_nodes", view.Document.Nodes.Count),
            ("cluster_size", view.Document.Shards.Values.Count(shard => !shard.Slots.IsEmpty)),
            ("cluster_current_epoch", view.Document.Epoch),
            ("cluster_my_epoch", view.Shard?.Epoch ?? 0),
            ("cluster_stats_messages_sent", sent),
            ("cluster_stats_messages_received", received),
            ("total_cluster_links_buffer_limit_exceeded", 0),
        ];
        var text = new StringBuilder();
        foreach ((string name, object value) in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}:{value}\r\n");
        }
        context.Reply.Verbatim(Encoding.ASCII.GetBytes(text.ToString()), "txt"u8);
    }

    [Command(
        "cluster|myid", Group = "cluster", Since = "3.0.0", Arity = 2, Flags = "stale",
        Complexity = "O(1)",
        Summary = "Returns the id of this node.")]
    public void MyId(CommandContext context)
    {
        if (ClusterAccess.IsEnabled(context, cluster))
        {
            Answer(context.Reply, cluster.View.Self.Id);
        }
    }

    [Command(
        "cluster|myshardid", Group = "cluster", Since = "7.2.0", Arity = 2, Flags = "stale", Tips = "nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Returns the id of the shard of this node.")]
    public void MyShardId(CommandContext context)
    {
        if (ClusterAccess.IsEnabled(context, cluster))
        {
            Answer(context.Reply, cluster.View.Self.Shard);
        }
    }

    [Command(
        "cluster|count-failure-reports", Group = "cluster", Since = "3.0.0", Arity = 3, Flags = "admin stale",
        Tips = "nondeterministic_output", Complexity = "O(1)",
        Summary = "Returns 0: nodes do not report each other, but agree on who leads.",
        Syntax = "node-id")]
    public void CountFailureReports(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (ClusterAccess.FindNode(context[2], cluster) is null)
        {
            ClusterErrorText.UnknownNode(context.Reply, context[2]);
            return;
        }
        context.Reply.Integer(0);
    }

    [Command(
        "cluster|help", Group = "cluster", Since = "5.0.0", Arity = 2, Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context)
    {
        if (ClusterAccess.IsEnabled(context, cluster))
        {
            HelpText.Answer(context.Reply, "CLUSTER", ClusterHelp.Lines);
        }
    }

    private static void Answer(ReplyWriter reply, ClusterId id) => reply.Bulk(Encoding.ASCII.GetBytes(id.ToString()));
}
