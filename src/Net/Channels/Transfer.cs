namespace Bixbite.Net.Channels;

/// <summary>The event for which a channel waits until the next read, or write, makes sense.</summary>
public enum ChannelNext : byte
{
    /// <summary>Nothing: the same call may be made again at once, and may move more.</summary>
    Ready,

    /// <summary>Bytes of the peer.</summary>
    Readable,

    /// <summary>Room for bytes to the peer.</summary>
    Writable,

    /// <summary>Of reading only, and without bytes: the peer has ended its side, and everything it sent has been read.</summary>
    Ended,

    /// <summary>Without bytes: the connection is dead in both directions.</summary>
    Failed,
}

/// <summary>
/// How one read or write went: <paramref name="Count"/> bytes were moved, and then the channel came to <paramref name="Next"/>. A write
/// may have to wait for bytes and a read for room, if the channel speaks a protocol of its own with the peer; and a read may be
/// <see cref="ChannelNext.Ready"/> although nothing more arrives, if bytes are kept within the channel.
/// </summary>
public readonly record struct Transfer(int Count, ChannelNext Next)
{
    internal static Transfer Ended => new(0, ChannelNext.Ended);

    internal static Transfer Failed => new(0, ChannelNext.Failed);
}

/// <summary>The events at a channel since its user looked.</summary>
[Flags]
public enum ChannelEvents
{
    None = 0,

    /// <summary>Who waited for <see cref="ChannelNext.Readable"/> may go on.</summary>
    Readable = 1,

    /// <summary>Who waited for <see cref="ChannelNext.Writable"/> may go on.</summary>
    Writable = 2,

    /// <summary>
    /// The peer has ended its side, or the connection is dead. No further event announces the bytes that came before, nor the end.
    /// </summary>
    PeerEnded = 4,

    /// <summary>Both sides have ended: nobody reads what is still to be written.</summary>
    Severed = 8,
}
