namespace Bixbite.Structures.Hashing;

/// <summary>Receives entries; must not change the index meanwhile.</summary>
public interface IEntryVisitor
{
    void Visit(ulong entry);
}
