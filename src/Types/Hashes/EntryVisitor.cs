using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Hashes;

/// <summary>
/// Hands what an index visits on to a visitor of fields, which it holds meanwhile, but for fields whose deadline was before a time.
/// </summary>
internal ref struct EntryVisitor<TVisitor>(TVisitor visitor, long hiddenBeforeMs) : IEntryVisitor
    where TVisitor : struct, IFieldVisitor, allows ref struct
{
    public TVisitor Visitor = visitor;

    public void Visit(ulong entry)
    {
        var field = new FieldEntry(entry);
        long deadlineMs = field.DeadlineMs;
        if (deadlineMs < hiddenBeforeMs)
        {
            return;
        }
        Visitor.Visit(field.Field, field.Value, deadlineMs);
    }
}
