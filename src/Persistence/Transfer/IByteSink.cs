namespace Bixbite.Persistence.Transfer;

/// <summary>
/// Takes bytes at its own pace: the producer's thread offers them, and offers the rest again when there is room. Whoever reads what it
/// took may be on another thread.
/// </summary>
public interface IByteSink
{
    /// <summary>Who takes them, for the log.</summary>
    public string Name { get; }

    /// <summary>To be called, on any thread, when there is room again after there was none.</summary>
    public Action? RoomMade { set; }

    /// <summary>
    /// Takes some of the bytes without waiting, and tells how many: 0 if there is no room now, a negative errno value if it takes no
    /// more at all.
    /// </summary>
    public int TryWrite(ReadOnlySpan<byte> bytes);

    /// <summary>No more bytes come. They are whole, or <paramref name="problem"/> says why they are not.</summary>
    public void Close(string? problem);
}
