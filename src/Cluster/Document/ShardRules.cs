namespace Bixbite.Cluster.Document;

/// <summary>Rules and steps that several changes share.</summary>
internal static class ShardRules
{
    /// <summary>The reason why a node cannot leave its shard, if there is one: it leads it, and others depend on it.</summary>
    public static ChangeOutcome? WhyBound(ClusterDocument document, ClusterNode node)
    {
        if (document.ShardOf(node.Id) is not { } shard || shard.Primary != node.Id)
        {
            return null;
        }
        if (!shard.Slots.IsEmpty)
        {
            return ChangeOutcome.HasSlots;
        }
        return document.ReplicasOf(shard).Any() ? ChangeOutcome.HasReplicas : null;
    }

    /// <summary>The reason why a shard cannot give these slots away, if there is one, and the slot in question.</summary>
    public static ChangeOutcome? WhyNotGiven(ClusterDocument document, ClusterShard shard, SlotSet slots, out int slot)
    {
        slot = slots.FirstMissingIn(shard.Slots);
        if (slot >= 0)
        {
            return ChangeOutcome.SlotNotOwned;
        }
        slot = document.FirstMoving(slots);
        return slot >= 0 ? ChangeOutcome.SlotMoving : null;
    }

    public static ClusterDocument Give(ClusterDocument document, ClusterShard source, ClusterShard target, SlotSet slots) => document
        .WithRaised(source with { Slots = source.Slots.Without(slots) })
        .WithRaised(target with { Slots = target.Slots.With(slots) });
}
