namespace Bixbite.Structures.Hashing;

/// <summary>Moves the records that an index or a tree points to.</summary>
public interface IEntryMover
{
    /// <summary>Where the record is now, moved or not. Must not change the index or tree meanwhile.</summary>
    ulong Move(ulong entry);
}
