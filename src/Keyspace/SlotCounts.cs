using Bixbite.Structures.Checks;
using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>How many keys of a database each slot of the cluster has.</summary>
internal sealed class SlotCounts
{
    private readonly int[] _counts = new int[HashSlot.Count];

    public int this[int slot] => _counts[slot];

    /// <summary>A key of this hash came, or went.</summary>
    public void Add(ulong hash, int change) => _counts[KeyHash.SlotOf(hash)] += change;
}
