using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Commands.Cluster;

/// <summary>Slots that a node takes and gives up: CLUSTER ADDSLOTS, DELSLOTS, both by ranges, FLUSHSLOTS.</summary>
public sealed class ClusterAddSlots(ClusterState cluster, ClusterProposals proposals, Databases databases)
{
    private const string Flags = "no_async_loading admin stale";

    [Command(
        "cluster|addslots", Group = "cluster", Since = "3.0.0", Arity = -3, Flags = Flags,
        Complexity = "O(N) with N the number of slots",
        Summary = "This node takes slots that nobody has.",
        Syntax = "slot:integer ...")]
    public void AddSlots(CommandContext context) => Change(context, isRange: false, isAdding: true);

    [Command(
        "cluster|addslotsrange", Group = "cluster", Since = "7.0.0", Arity = -4, Flags = Flags,
        Complexity = "O(N) with N the number of slots",
        Summary = "This node takes ranges of slots that nobody has.",
        Syntax = "(range: start-slot:integer end-slot:integer) ...")]
    public void AddSlotsRange(CommandContext context) => Change(context, isRange: true, isAdding: true);

    [Command(
        "cluster|delslots", Group = "cluster", Since = "3.0.0", Arity = -3, Flags = Flags,
        Complexity = "O(N) with N the number of slots",
        Summary = "Slots are taken from who has them: nobody serves them then.",
        Syntax = "slot:integer ...")]
    public void DelSlots(CommandContext context) => Change(context, isRange: false, isAdding: false);

    [Command(
        "cluster|delslotsrange", Group = "cluster", Since = "7.0.0", Arity = -4, Flags = Flags,
        Complexity = "O(N) with N the number of slots",
        Summary = "Ranges of slots are taken from who has them: nobody serves them then.",
        Syntax = "(range: start-slot:integer end-slot:integer) ...")]
    public void DelSlotsRange(CommandContext context) => Change(context, isRange: true, isAdding: false);

    [Command(
        "cluster|flushslots", Group = "cluster", Since = "3.0.0", Arity = 2, Flags = Flags,
        Complexity = "O(N) with N the number of slots",
        Summary = "This node, which has no keys, gives up all its slots.")]
    public void FlushSlots(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (databases.KeyCount > 0)
        {
            context.Reply.Error(ClusterErrorText.NotEmpty);
            return;
        }
        if (cluster.View.Shard is not { Slots.IsEmpty: false } shard)
        {
            context.Reply.Ok();
            return;
        }
        proposals.Propose(context, new ReleaseSlots(shard.Id, shard.Slots));
    }

    private void Change(CommandContext context, bool isRange, bool isAdding)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (isRange && context.Count % 2 != 0)
        {
            ErrorText.WrongArity(context.Reply, context.Command.FullName);
            return;
        }
        if (!TryRead(context, isRange, out SlotMarks marks) || !TryCheck(context, marks, isAdding, out ClusterShard? owner))
        {
            return;
        }
        SlotSet slots = SlotSet.From(marks);
        proposals.Propose(context, isAdding ? new AssignSlots(owner!.Id, slots) : new ReleaseSlots(owner!.Id, slots));
    }

    private static bool TryRead(CommandContext context, bool isRange, out SlotMarks marks)
    {
        marks = new SlotMarks();
        for (int i = 2; i < context.Count; i += isRange ? 2 : 1)
        {
            if (!ClusterAccess.TryReadSlot(context, i, out int first))
            {
                return false;
            }
            int last = first;
            if (isRange && !ClusterAccess.TryReadSlot(context, i + 1, out last))
            {
                return false;
            }
            if (first > last)
            {
                ClusterErrorText.RangeInDisorder(context.Reply, first, last);
                return false;
            }
            for (int slot = first; slot <= last; slot++)
            {
                if (marks[slot])
                {
                    ClusterErrorText.SlotTwice(context.Reply, slot);
                    return false;
                }
                marks.Set(slot);
            }
        }
        return true;
    }

    /// <summary>Slots that are taken have no owner; those that are given up have one, and the same.</summary>
    private bool TryCheck(CommandContext context, SlotMarks marks, bool isAdding, out ClusterShard? owner)
    {
        owner = isAdding ? cluster.View.Shard : null;
        if (isAdding && !cluster.View.IsPrimary)
        {
            context.Reply.Error(ClusterErrorText.NotAPrimary);
            return false;
        }
        for (int slot = 0; slot < SlotSet.SlotCount; slot++)
        {
            if (!marks[slot])
            {
                continue;
            }
            ClusterShard? shard = cluster.View.OwnerOf(slot);
            if (isAdding && shard is not null)
            {
                ClusterErrorText.SlotIsBusy(context.Reply, slot);
                return false;
            }
            if (!isAdding && shard is null)
            {
                ClusterErrorText.SlotIsFree(context.Reply, slot);
                return false;
            }
            owner ??= shard;
            if (!isAdding && shard != owner)
            {
                ClusterErrorText.SlotOfAnother(context.Reply, slot);
                return false;
            }
        }
        return true;
    }
}
