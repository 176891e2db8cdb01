using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Hashes;

/// <summary>Hands what an index visits on to a visitor of fields, which it holds meanwhile.</summary>
internal ref struct EntryVisitor<TVisitor>(TVisitor visitor) : IEntryVisitor
    where TVisitor : struct, IFieldVisitor, allows ref struct
{
    public TVisitor Visitor = visitor;

    public void Visit(ulong entry)
    {
        var field = new FieldEntry(entry);
        Visitor.Visit(field.Field, field.Value, field.DeadlineMs);
    }
}
