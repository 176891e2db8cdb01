namespace Bixbite.Net;

[Flags]
internal enum ConnectionFlags : uint
{
    None = 0,

    /// <summary>Stands in the list of connections to visit.</summary>
    IsQueued = 1,

    /// <summary>Received this round; its share is settled after Execute.</summary>
    IsInBatch = 1 << 1,

    /// <summary>Stands in the list of connections with output to send this round.</summary>
    IsDirty = 1 << 2,

    /// <summary>Reading makes sense when the peer's next bytes have come.</summary>
    ReadAwaitsInput = 1 << 3,

    /// <summary>The peer has ended its side: the input still to come is followed by an end that no further event announces.</summary>
    HasPeerEnded = 1 << 4,

    /// <summary>Writing makes sense when there is room. Implies a non-empty queue.</summary>
    WriteAwaitsRoom = 1 << 5,

    /// <summary>EPOLLOUT is registered.</summary>
    WatchesOutput = 1 << 6,

    /// <summary>The unconsumed input is to be presented again, once the output has drained.</summary>
    IsAgain = 1 << 7,

    /// <summary>The handler wants no input.</summary>
    IsPaused = 1 << 8,

    /// <summary>Too much output waits to read on.</summary>
    IsBackpressured = 1 << 9,

    /// <summary>No more input; closed as soon as the output is sent.</summary>
    IsClosing = 1 << 10,

    /// <summary>Dead: closed at the end of the round, its output dropped.</summary>
    IsAborted = 1 << 11,

    /// <summary>Stands in the list of connections to close at the end of the round.</summary>
    IsClosePending = 1 << 12,

    /// <summary>Closed has been called.</summary>
    IsClosed = 1 << 13,

    /// <summary>Reading makes sense when there is room for what the channel itself has to say.</summary>
    ReadAwaitsRoom = 1 << 14,

    /// <summary>Writing makes sense when the peer has answered the channel. Implies a non-empty queue.</summary>
    WriteAwaitsInput = 1 << 15,

    /// <summary>Nobody reads the output any more: when the input is over, so is the connection.</summary>
    IsSevered = 1 << 16,

    /// <summary>Bytes of the source were offered and not all taken: they are offered next, whatever is queued meanwhile.</summary>
    IsSourceCut = 1 << 17,

    /// <summary>Much comes at a time, and is taken at once.</summary>
    IsBulk = 1 << 18,

    /// <summary>No read makes sense now.</summary>
    ReadAwaits = ReadAwaitsInput | ReadAwaitsRoom,

    /// <summary>No write makes sense now.</summary>
    WriteAwaits = WriteAwaitsInput | WriteAwaitsRoom,
}
