using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>Puts the records that a walk comes by into a list.</summary>
internal readonly struct RecordCollector(List<Record> found) : IEntryVisitor
{
    public void Visit(ulong entry) => found.Add(new Record(entry));
}
