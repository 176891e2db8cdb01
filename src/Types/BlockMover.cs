using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types;

/// <summary>Moves blocks that have no owner but the slot that is visited.</summary>
internal readonly struct BlockMover(Evacuation evacuation) : IEntryMover
{
    public ulong Move(ulong entry) => evacuation.Move(entry);
}
