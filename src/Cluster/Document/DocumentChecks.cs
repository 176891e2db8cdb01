namespace Bixbite.Cluster.Document;

/// <summary>The rules that every document obeys, whatever changes led to it.</summary>
internal static class DocumentChecks
{
    /// <summary>The first rule that is broken, in words; nothing if all are kept.</summary>
    public static string? FaultOf(ClusterDocument document) =>
        FaultOfCounts(document) ?? FaultOfNodes(document) ?? FaultOfShards(document) ?? FaultOfMoves(document);

    private static string? FaultOfCounts(ClusterDocument document)
    {
        int voterCount = document.Voters.Count();
        return document switch
        {
            _ when document.Id.IsNone => "the cluster has no id",
            _ when document.Version < 1 || document.Epoch is < 0 or >= ClusterDocument.EpochMax => "the version or the epoch",
            _ when document.Nodes.Count is 0 or > ClusterDocument.NodesMax => "the number of nodes",
            _ when voterCount is 0 or > ClusterDocument.VotersMax => "the number of voters",
            _ when document.Moves.Count(move => move.IsRunning) > ClusterDocument.MovesMax => "the number of moves",
            _ when document.Moves.Count(move => !move.IsRunning) > ClusterDocument.EndedMovesMax => "the number of moves that are over",
            _ => null,
        };
    }

    private static string? FaultOfNodes(ClusterDocument document)
    {
        HashSet<(string Host, int Port)> buses = [];
        foreach (ClusterNode node in document.Nodes.Values)
        {
            if (!node.IsValid)
            {
                return $"node {node.Id}";
            }
            if (!node.IsWitness && !document.Shards.ContainsKey(node.Shard))
            {
                return $"node {node.Id} is in a shard that is not there";
            }
            if (node.Address.Host.Length > 0 && !buses.Add((node.Address.Host, node.Address.BusPort)))
            {
                return $"node {node.Id} has the address of another one";
            }
        }
        return null;
    }

    private static string? FaultOfShards(ClusterDocument document)
    {
        SlotSet owned = SlotSet.Empty;
        foreach (ClusterShard shard in document.Shards.Values)
        {
            if (!shard.IsValid || shard.Epoch > document.Epoch)
            {
                return $"shard {shard.Id}";
            }
            if (!document.Nodes.TryGetValue(shard.Primary, out ClusterNode? primary) || primary.Shard != shard.Id)
            {
                return $"shard {shard.Id} has a primary that is not in it";
            }
            int slot = owned.FirstCommon(shard.Slots);
            if (slot >= 0)
            {
                return $"slot {slot} has two owners";
            }
            owned = owned.With(shard.Slots);
        }
        return null;
    }

    private static string? FaultOfMoves(ClusterDocument document)
    {
        SlotSet moving = SlotSet.Empty;
        HashSet<ClusterId> ids = [];
        foreach (SlotMove move in document.Moves)
        {
            if (!move.IsValid || !ids.Add(move.Id))
            {
                return $"move {move.Id}";
            }
            if (!move.IsRunning)
            {
                continue;
            }
            if (moving.FirstCommon(move.Slots) >= 0)
            {
                return $"move {move.Id} has slots of another one";
            }
            moving = moving.With(move.Slots);
            if (document.Shards.GetValueOrDefault(move.Source) is not { } source || source.Primary != move.SourcePrimary
                || document.Shards.GetValueOrDefault(move.Target) is not { } target || target.Primary != move.TargetPrimary
                || move.Slots.FirstMissingIn(source.Slots) >= 0)
            {
                return $"move {move.Id} cannot go on";
            }
        }
        return null;
    }
}
