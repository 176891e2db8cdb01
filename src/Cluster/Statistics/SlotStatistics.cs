using Bixbite.Cluster.Routing;
using Bixbite.Structures.Checks;

namespace Bixbite.Cluster.Statistics;

/// <summary>
/// How much each slot of this node has been used, since it is here, or was reset. Takes memory from the first time on that it is counted
/// (384 KB). Under the execution lock.
/// </summary>
public sealed class SlotStatistics(ClusterState state)
{
    private SlotUse[] _uses = [];

    /// <summary>It is counted (cluster-slot-stats-enabled).</summary>
    public bool IsOn
    {
        get;
        set
        {
            field = value;
            if (value && _uses.Length == 0)
            {
                _uses = new SlotUse[HashSlot.Count];
            }
        }
    }

    /// <summary>The use of a slot; only where it was on.</summary>
    public SlotUse this[int slot] => _uses[slot];

    /// <summary>A slot has taken something more.</summary>
    public void Add(int slot, in SlotUse use) => _uses[slot] += use;

    /// <summary>Counts anew.</summary>
    public void Reset() => Array.Clear(_uses);

    /// <summary>Forgets the slots that are not this node's any more.</summary>
    public void DropForeign()
    {
        for (int slot = 0; slot < _uses.Length; slot++)
        {
            if (!state.View.IsOfOwnShard(slot))
            {
                _uses[slot] = default;
            }
        }
    }
}
