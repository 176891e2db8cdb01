using Bixbite.Persistence.Pieces;
using Bixbite.Protocol;

namespace Bixbite.Persistence.Values;

/// <summary>Takes the pieces of a value as requests.</summary>
internal abstract class RequestPieces(SavedValue value, byte[] key) : PieceSink(value)
{
    protected ReadOnlySpan<byte> Key => key;

    /// <summary>An argument of so many bytes, which come as texts.</summary>
    protected void BeginText(long length)
    {
        Target.BeginArgument(length);
        OpenElement();
    }

    protected override void FinishElement() => Target.EndArgument();
}
