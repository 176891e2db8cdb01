using System.Globalization;
using System.Text;
using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Cluster;

/// <summary>Epochs, and the file that has them: CLUSTER BUMPEPOCH, SET-CONFIG-EPOCH, SAVECONFIG.</summary>
public sealed class ClusterBumpEpoch(ClusterState cluster, ClusterProposals proposals)
{
    private const string Flags = "no_async_loading admin stale";

    [Command(
        "cluster|bumpepoch", Group = "cluster", Since = "3.0.0", Arity = 2, Flags = Flags, Tips = "nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Gives the shard of this node the highest epoch, if it has not got it.")]
    public void BumpEpoch(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (cluster.View.Shard is not { } shard)
        {
            context.Reply.Error(ClusterErrorText.NotAPrimary);
            return;
        }
        if (shard.Epoch != 0 && shard.Epoch == cluster.View.Document.Epoch)
        {
            Answer(context.Reply, "STILL", shard.Epoch);
            return;
        }
        proposals.Propose(
            context, new RaiseEpoch(shard.Id, 0), (reply, _) => Answer(reply, "BUMPED", cluster.View.Shard?.Epoch ?? 0));
    }

    [Command(
        "cluster|set-config-epoch", Group = "cluster", Since = "3.0.0", Arity = 3, Flags = Flags,
        Complexity = "O(1)",
        Summary = "The first epoch of a node that is alone.",
        Syntax = "config-epoch:integer")]
    public void SetConfigEpoch(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (!Integers.TryParse(context[2], out long epoch))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
        }
        else if (epoch is < 0 or >= ClusterDocument.EpochMax)
        {
            ClusterErrorText.InvalidEpoch(context.Reply, epoch);
        }
        else if (cluster.View.Document.Nodes.Count > 1)
        {
            context.Reply.Error(ClusterErrorText.EpochOfMany);
        }
        else if (cluster.View.Shard is not { Epoch: 0 } shard)
        {
            context.Reply.Error(ClusterErrorText.EpochIsSet);
        }
        else if (epoch == 0)
        {
            context.Reply.Ok();
        }
        else
        {
            proposals.Propose(context, new RaiseEpoch(shard.Id, epoch));
        }
    }

    [Command(
        "cluster|saveconfig", Group = "cluster", Since = "3.0.0", Arity = 2, Flags = Flags,
        Complexity = "O(1)",
        Summary = "Writes the file of this node once more; it is up to date without that.")]
    public void SaveConfig(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (cluster.Plane!.KeepMarks() is { } failure)
        {
            ClusterErrorText.NotDone(context.Reply, Encoding.UTF8.GetBytes(failure));
            return;
        }
        context.Reply.Ok();
    }

    private static void Answer(ReplyWriter reply, string word, long epoch) =>
        reply.Simple(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{word} {epoch}")));
}
