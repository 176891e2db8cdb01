using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Bixbite.Cluster.Document;

/// <summary>
/// All that the nodes of a cluster agree on. It does not change: <see cref="Apply"/> makes the next one, the same on every node.
/// </summary>
/// <param name="Id">Of the cluster.</param>
/// <param name="Version">Grows by one with each change that took effect.</param>
/// <param name="Epoch">The highest epoch that any shard ever had.</param>
/// <param name="Nodes">The members by their ids.</param>
/// <param name="Shards">Of which every slot that is served belongs to one.</param>
/// <param name="Moves">In the order in which they began; of those that are over the last ones.</param>
public sealed record ClusterDocument(
    ClusterId Id,
    long Version,
    long Epoch,
    ImmutableSortedDictionary<ClusterId, ClusterNode> Nodes,
    ImmutableSortedDictionary<ClusterId, ClusterShard> Shards,
    ImmutableArray<SlotMove> Moves)
{
    public const int NodesMax = 4096;
    public const int VotersMax = 7;
    public const int MovesMax = 64;

    /// <summary>No epoch comes near it; what claims to is refused.</summary>
    public const long EpochMax = 1L << 60;

    /// <summary>Moves that are over and still shown.</summary>
    public const int EndedMovesMax = 64;

    public IEnumerable<ClusterNode> Voters => Nodes.Values.Where(node => node.IsVoter);

    /// <summary>A cluster of one node, which leads a shard without slots.</summary>
    public static ClusterDocument Alone(ClusterId cluster, ClusterNode node)
    {
        var shard = new ClusterShard(node.Shard, node.Id, Epoch: 0, SlotSet.Empty);
        return new ClusterDocument(
            cluster,
            Version: 1,
            Epoch: 0,
            ImmutableSortedDictionary<ClusterId, ClusterNode>.Empty.Add(node.Id, node with { Flags = NodeFlags.Voter }),
            ImmutableSortedDictionary<ClusterId, ClusterShard>.Empty.Add(shard.Id, shard),
            []);
    }

    /// <summary>The document after a change, or this one with the reason why the change has no effect.</summary>
    public ChangeResult Apply(ClusterChange change)
    {
        ChangeResult result = change.IsValid ? change.ApplyTo(this) : Refused(ChangeOutcome.Invalid);
        return result.IsApplied ? result with { Document = result.Document with { Version = Version + 1 } } : result;
    }

    /// <summary>The shard of a node; none for a witness and for who is no member.</summary>
    public ClusterShard? ShardOf(ClusterId node) =>
        Nodes.TryGetValue(node, out ClusterNode? member) ? Shards.GetValueOrDefault(member.Shard) : null;

    public bool IsPrimary(ClusterId node) => ShardOf(node)?.Primary == node;

    /// <summary>The primary of a shard and its replicas, by their ids.</summary>
    public IEnumerable<ClusterNode> NodesOf(ClusterId shard) => Nodes.Values.Where(node => node.Shard == shard);

    public IEnumerable<ClusterNode> ReplicasOf(ClusterShard shard) => NodesOf(shard.Id).Where(node => node.Id != shard.Primary);

    /// <summary>The shard that has a slot; none while nobody does.</summary>
    public ClusterShard? OwnerOf(int slot) => Shards.Values.FirstOrDefault(shard => shard.Slots.Contains(slot));

    /// <summary>The slots that have an owner.</summary>
    public SlotSet AssignedSlots()
    {
        var marks = new SlotMarks();
        foreach (SlotRange range in Shards.Values.SelectMany(shard => shard.Slots.Ranges))
        {
            marks.Set(range);
        }
        return SlotSet.From(marks);
    }

    public byte[] ToBytes()
    {
        DocumentWriter writer = new();
        DocumentFormat.Write(this, writer);
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> made, from anybody: false for anything that no sequence of changes leads to.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ClusterDocument? document)
    {
        document = DocumentFormat.Read(bytes);
        if (document is not null && DocumentChecks.FaultOf(document) is not null)
        {
            document = null;
        }
        return document is not null;
    }

    internal ChangeResult Applied() => new(this, ChangeOutcome.Applied);

    internal ChangeResult Refused(ChangeOutcome outcome, int slot = -1) => new(this, outcome, slot);

    internal ClusterDocument With(ClusterNode node) => this with { Nodes = Nodes.SetItem(node.Id, node) };

    internal ClusterDocument With(ClusterShard shard) =>
        this with { Shards = Shards.SetItem(shard.Id, shard), Epoch = Math.Max(Epoch, shard.Epoch) };

    /// <summary>A shard with its epoch raised by one, as every change of its primary or slots does.</summary>
    internal ClusterDocument WithRaised(ClusterShard shard) => With(shard with { Epoch = shard.Epoch + 1 });

    /// <summary>Without a shard if no node is in it; its moves have failed then.</summary>
    internal ClusterDocument WithoutEmpty(ClusterId shard) => !Shards.ContainsKey(shard) || NodesOf(shard).Any()
        ? this
        : FailMoves(move => move.Source == shard || move.Target == shard) with { Shards = Shards.Remove(shard) };

    /// <summary>Ends moves that cannot go on.</summary>
    internal ClusterDocument FailMoves(Func<SlotMove, bool> isConcerned)
    {
        ClusterDocument document = this;
        foreach (SlotMove move in Moves)
        {
            if (move.IsRunning && isConcerned(move))
            {
                document = document.WithEnded(move, MoveState.Failed);
            }
        }
        return document;
    }

    internal ClusterDocument WithEnded(SlotMove move, MoveState state)
    {
        ImmutableArray<SlotMove> moves = Moves.Replace(move, move with { State = state });
        if (moves.Count(other => !other.IsRunning) > EndedMovesMax)
        {
            moves = moves.Remove(moves.First(other => !other.IsRunning));
        }
        return this with { Moves = moves };
    }

    /// <summary>The first of these slots that is being moved, or -1.</summary>
    internal int FirstMoving(SlotSet slots)
    {
        foreach (SlotMove move in Moves)
        {
            int slot = move.IsRunning ? move.Slots.FirstCommon(slots) : -1;
            if (slot >= 0)
            {
                return slot;
            }
        }
        return -1;
    }
}
