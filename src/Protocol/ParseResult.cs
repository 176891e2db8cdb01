namespace Bixbite.Protocol;

/// <summary>The result of a call of the parser.</summary>
/// <param name="Status">Why it ended.</param>
/// <param name="Consumed">Bytes of the whole requests (and of ignored lines) from the start of the input.</param>
/// <param name="PendingSize">
/// With <see cref="ParseStatus.NeedMore"/>: what the pending request needs at least, in bytes from its start, when that is known
/// because a bulk of a known length is on its way; otherwise 0.
/// </param>
/// <param name="Error">With <see cref="ParseStatus.ProtocolError"/>: what is wrong.</param>
/// <param name="Unexpected">With <see cref="ProtocolError.ExpectedDollar"/>: the byte found instead.</param>
public readonly record struct ParseResult(
    ParseStatus Status, int Consumed, int PendingSize = 0, ProtocolError Error = ProtocolError.None, byte Unexpected = 0)
{
    /// <summary>The pending bulk whose length is known: that length, or 0.</summary>
    public int BulkLength { get; init; }

    /// <summary>Where that bulk begins, from the start of the input.</summary>
    public int BulkStart { get; init; }

    /// <summary>Bytes of the pending request that lie or will lie in blocks of their own.</summary>
    public long LooseBytes { get; init; }
}
