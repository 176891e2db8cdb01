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
}
