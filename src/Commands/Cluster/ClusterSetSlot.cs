using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Encoding = System.Text.Encoding;

namespace Bixbite.Commands.Cluster;

/// <summary>
/// CLUSTER SETSLOT, by which tools move slots key by key: marks on both nodes, and at the end the change of the owner, which all nodes
/// learn from the document.
/// </summary>
public sealed class ClusterSetSlot(ClusterState cluster, ClusterProposals proposals, Databases databases)
{
    [Command(
        "cluster|setslot", Group = "cluster", Since = "3.0.0", Arity = -4, Flags = "no_async_loading admin stale",
        Complexity = "O(1)",
        Summary = "Marks a slot that is moved key by key, or gives it to a node.",
        Syntax = "slot:integer (subcommand: IMPORTING importing | MIGRATING migrating | NODE node | STABLE)")]
    public void SetSlot(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (!cluster.View.IsPrimary)
        {
            context.Reply.Error(ClusterErrorText.SetSlotOnReplica);
            return;
        }
        if (!ClusterAccess.TryReadSlot(context, 2, out int slot))
        {
            return;
        }
        bool hasNode = context.Count == 5;
        if (hasNode && Ascii.EqualsIgnoreCase(context[3], "migrating"u8))
        {
            Migrate(context, slot);
        }
        else if (hasNode && Ascii.EqualsIgnoreCase(context[3], "importing"u8))
        {
            Import(context, slot);
        }
        else if (context.Count == 4 && Ascii.EqualsIgnoreCase(context[3], "stable"u8))
        {
            cluster.Open.Close(slot);
            AnswerKept(context);
        }
        else if (hasNode && Ascii.EqualsIgnoreCase(context[3], "node"u8))
        {
            Give(context, slot);
        }
        else
        {
            context.Reply.Error(ClusterErrorText.SetSlotSyntax);
        }
    }

    private void Migrate(CommandContext context, int slot)
    {
        if (!cluster.View.IsMine(slot))
        {
            ClusterErrorText.NotTheOwner(context.Reply, slot);
        }
        else if (TryFindPrimary(context, out ClusterNode? target))
        {
            cluster.Open.Migrate(slot, target!.Id);
            AnswerKept(context);
        }
    }

    private void Import(CommandContext context, int slot)
    {
        if (cluster.View.IsMine(slot))
        {
            ClusterErrorText.AlreadyTheOwner(context.Reply, slot);
        }
        else if (TryFindPrimary(context, out ClusterNode? source))
        {
            cluster.Open.Import(slot, source!.Id);
            AnswerKept(context);
        }
    }

    private void Give(CommandContext context, int slot)
    {
        ClusterDocument document = cluster.View.Document;
        if (ClusterAccess.FindNode(context[4], cluster) is not { } node)
        {
            ClusterErrorText.UnknownNode(context.Reply, context[4]);
            return;
        }
        if (document.ShardOf(node.Id) is not { } target || target.Primary != node.Id)
        {
            context.Reply.Error(ClusterErrorText.TargetIsReplica);
            return;
        }
        if (cluster.View.IsMine(slot) && target != cluster.View.Shard && HasKeys(slot))
        {
            ClusterErrorText.StillHasKeys(context.Reply, slot);
            return;
        }
        ClusterShard? owner = cluster.View.OwnerOf(slot);
        if (owner == target)
        {
            CloseOwned(slot);
            AnswerKept(context);
            return;
        }
        SlotSet slots = SlotSet.Of(new SlotRange(slot, slot));
        proposals.Propose(
            context, owner is null ? new AssignSlots(target.Id, slots) : new GiveSlots(owner.Id, target.Id, slots));
    }

    /// <summary>A slot whose owner is what it should be: marks that say otherwise go, but for that of keys that are still here.</summary>
    private void CloseOwned(int slot)
    {
        if (!cluster.View.IsMine(slot) || !HasKeys(slot))
        {
            cluster.Open.Close(slot);
        }
    }

    private bool HasKeys(int slot) => databases.CountInSlot(slot) > 0;

    private bool TryFindPrimary(CommandContext context, out ClusterNode? node)
    {
        node = ClusterAccess.FindNode(context[4], cluster);
        if (node is null)
        {
            ClusterErrorText.NodeIsUnknown(context.Reply, context[4]);
            return false;
        }
        if (!cluster.View.Document.IsPrimary(node.Id))
        {
            context.Reply.Error(ClusterErrorText.TargetIsReplica);
            return false;
        }
        return true;
    }

    private void AnswerKept(CommandContext context)
    {
        if (cluster.Plane!.KeepMarks() is { } failure)
        {
            ClusterErrorText.NotDone(context.Reply, Encoding.UTF8.GetBytes(failure));
            return;
        }
        context.Reply.Ok();
    }
}
