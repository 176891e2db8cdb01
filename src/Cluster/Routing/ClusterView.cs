using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Routing;

/// <summary>
/// The part of the document that requests need, as this node sees it: the owner of each slot in one look. It does not change; a new one
/// takes its place as a whole, so that a request sees one from its gate to its reply.
/// </summary>
public sealed class ClusterView
{
    private const short NoOwner = -1;

    private readonly ClusterShard[] _shards;

    /// <summary>The index of each slot's shard.</summary>
    private readonly short[] _owners = new short[SlotSet.SlotCount];

    private readonly int _own;

    /// <param name="document">Has this node.</param>
    /// <param name="self">This node.</param>
    public ClusterView(ClusterDocument document, ClusterId self)
    {
        Document = document;
        Self = document.Nodes[self];
        _shards = [.. document.Shards.Values];
        _own = Array.FindIndex(_shards, shard => shard.Id == Self.Shard);
        Array.Fill(_owners, NoOwner);
        for (int i = 0; i < _shards.Length; i++)
        {
            foreach (SlotRange range in _shards[i].Slots.Ranges)
            {
                _owners.AsSpan(range.First, range.Count).Fill((short)i);
                AssignedCount += range.Count;
            }
        }
    }

    public ClusterDocument Document { get; }

    public ClusterNode Self { get; }

    /// <summary>The shard of this node; none for a witness.</summary>
    public ClusterShard? Shard => _own < 0 ? null : _shards[_own];

    /// <summary>It leads its shard.</summary>
    public bool IsPrimary => Shard?.Primary == Self.Id;

    /// <summary>Slots that have an owner.</summary>
    public int AssignedCount { get; }

    public bool IsCovered => AssignedCount == SlotSet.SlotCount;

    /// <summary>The shard that has a slot; none while nobody does.</summary>
    public ClusterShard? OwnerOf(int slot) => _owners[slot] == NoOwner ? null : _shards[_owners[slot]];

    /// <summary>The slot's keys are here, be this its primary or a replica.</summary>
    public bool IsOfOwnShard(int slot) => _owners[slot] == _own && _own >= 0;

    /// <summary>The node serves the slot.</summary>
    public bool IsMine(int slot) => IsOfOwnShard(slot) && IsPrimary;

    /// <summary>The primary of a slot's shard; none while nobody has it.</summary>
    public ClusterNode? PrimaryOf(int slot) => OwnerOf(slot) is { } shard ? Document.Nodes[shard.Primary] : null;
}
