namespace Bixbite.Persistence.Saving;

/// <summary>
/// Where the bytes of a snapshot go. They are called for by the job's thread: first <see cref="Open"/>, then every piece, then
/// <see cref="Complete"/>; each returns null, or what failed, and then comes only <see cref="Discard"/>.
/// </summary>
internal interface ISnapshotTarget : IDisposable
{
    /// <summary>The problem of a target that was interrupted.</summary>
    public const string Cancelled = "it was cancelled";

    /// <summary>Its name in the log.</summary>
    public string Name { get; }

    /// <summary>It is a file of this server, not somebody who receives the bytes.</summary>
    public bool IsFile { get; }

    /// <summary>It takes no more bytes, so nobody needs to encode more. Any thread.</summary>
    public bool HasFailed { get; }

    public string? Open();

    /// <summary>Takes all bytes of a piece, and waits for room if there is none.</summary>
    public string? Write(ReadOnlySpan<byte> piece);

    /// <summary>All pieces have come: returns when the whole is where it is to be.</summary>
    public string? Complete();

    /// <summary>There will be no whole snapshot, since this happened.</summary>
    public void Discard(string problem);

    /// <summary>None is wanted any more, unless it is complete already: what waits ends soon, with a problem. Any thread.</summary>
    public void Interrupt();
}
