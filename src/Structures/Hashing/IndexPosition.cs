using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>Where an entry stands in its index; valid until the next insertion or removal there.</summary>
public readonly struct IndexPosition
{
    internal readonly ulong Hash;
    internal readonly ulong SlotAddress;

    internal IndexPosition(ulong hash, ulong slotAddress)
    {
        Hash = hash;
        SlotAddress = slotAddress;
    }

    public bool IsFound => SlotAddress != 0;

    /// <summary>The slot itself, which owns the record: who moves the record writes its new address here.</summary>
    public ref Link Link => ref Link.At(SlotAddress);
}
