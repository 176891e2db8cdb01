using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb.Writing;

namespace Bixbite.Persistence.Values;

/// <summary>Takes the pieces of a value for an RDB file.</summary>
internal abstract class RdbPieces(SavedValue value, bool isCompressed) : PieceSink(value)
{
    protected RdbWriter Writer => new(Target, isCompressed);

    /// <summary>For what is to stand after the nodes.</summary>
    protected RdbWriter LastWriter => new(Last, isCompressed);

    /// <summary>So many elements or nodes will come.</summary>
    public void BeginElements(long count) => Writer.Length((ulong)count);

    /// <summary>A string of so many bytes, which come as texts.</summary>
    protected void BeginText(long length)
    {
        Writer.BeginString(length);
        OpenElement();
    }
}
