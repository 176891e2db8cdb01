using Bixbite.Cluster.Routing;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;

namespace Bixbite.Commands.Cluster;

/// <summary>
/// A client's word on where it may be served: ASKING, READONLY, READWRITE. The last two are for replicas outside a cluster, too, where they
/// concern clients that can be sent on (CLIENT CAPA redirect).
/// </summary>
public sealed class Asking(ClusterState cluster)
{
    [Command(
        "asking", Group = "cluster", Since = "3.0.0", Arity = 1, Flags = "fast", Categories = "connection",
        Complexity = "O(1)",
        Summary = "The next command may use slots that are about to come here: an ASK has told the client to turn to this node.")]
    public void Run(CommandContext context)
    {
        if (ClusterAccess.IsEnabled(context, cluster))
        {
            context.Session.Set(SessionFlags.Asked, true);
            context.Reply.Ok();
        }
    }

    [Command(
        "readonly", Group = "cluster", Since = "3.0.0", Arity = 1, Flags = "loading stale fast", Categories = "connection",
        Complexity = "O(1)",
        Summary = "The client reads what a replica has, though it may be behind its primary.")]
    public void ReadOnly(CommandContext context) => Set(context, readsReplica: true);

    [Command(
        "readwrite", Group = "cluster", Since = "3.0.0", Arity = 1, Flags = "loading stale fast", Categories = "connection",
        Complexity = "O(1)",
        Summary = "The client is sent to the primary again for what it reads.")]
    public void ReadWrite(CommandContext context) => Set(context, readsReplica: false);

    private static void Set(CommandContext context, bool readsReplica)
    {
        context.Session.Set(SessionFlags.ReadsReplica, readsReplica);
        context.Reply.Ok();
    }
}
