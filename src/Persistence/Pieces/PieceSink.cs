using Bixbite.Types.Saving;

namespace Bixbite.Persistence.Pieces;

/// <summary>Takes the pieces of one value of one type and writes them as its file wants them, to where the value's bytes go now.</summary>
internal abstract class PieceSink(SavedValue value) : IValueSink
{
    protected BlockChain Target => value.Target;

    /// <summary>Takes what is to stand after other pieces that are still to come: see <see cref="AppendLast"/>.</summary>
    protected BlockChain Last => value.Last;

    public void Text(ReadOnlySpan<byte> piece) => value.Text(piece);

    public void EndElement()
    {
        value.CloseElement();
        FinishElement();
        value.AppendAside();
    }

    /// <summary>All pieces have come: writes what stands after them.</summary>
    public virtual void Finish()
    {
    }

    /// <summary>Writes what stands after the texts of a long element.</summary>
    protected virtual void FinishElement()
    {
    }

    /// <summary>The texts of a long element are about to come.</summary>
    protected void OpenElement() => value.OpenElement();

    protected void AppendLast() => value.AppendLast();
}
