namespace Bixbite.Persistence.Rdb.Reading;

/// <summary>Where an <see cref="RdbReader"/> gets bytes from that does not have all of them before it: a file, a connection.</summary>
internal interface IRdbSource
{
    /// <summary>
    /// The bytes from the last <paramref name="unreadCount"/> on that were given before: these, and as many behind them as are at
    /// hand, in all <paramref name="neededCount"/> at least. Fewer if there are no more. Voids what was given before.
    /// </summary>
    /// <remarks>
    /// The needed count is what the content claims. A source must not make room for it before it knows that so many bytes are there, or
    /// must make it in steps as they come.
    /// </remarks>
    ReadOnlySpan<byte> Read(int unreadCount, int neededCount);
}
