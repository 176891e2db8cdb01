namespace Bixbite.Platform.OpenSsl;

/// <summary>
/// The encrypted bytes of one visit to a session: those that came from the peer, and room for those that go to it. A call takes from the
/// front of both.
/// </summary>
public ref struct TlsBytes(ReadOnlySpan<byte> input, Span<byte> room)
{
    /// <summary>Bytes that have come and have not been taken.</summary>
    public ReadOnlySpan<byte> Input { get; set; } = input;

    /// <summary>Where the next bytes for the peer are written.</summary>
    public Span<byte> Room { get; internal set; } = room;

    /// <summary>How many bytes for the peer stand before <see cref="Room"/>.</summary>
    public int Written { get; internal set; }

    /// <summary>All that was written has gone elsewhere: the room is free again.</summary>
    public void Restart(Span<byte> room)
    {
        Room = room;
        Written = 0;
    }
}

/// <summary>How far a call of a <see cref="TlsSession"/> has come.</summary>
public enum TlsProgress
{
    /// <summary>It did what it was called for.</summary>
    Done,

    /// <summary>It goes on when more of the peer's bytes are there; all that were given have been taken.</summary>
    WantsInput,

    /// <summary>It goes on when what was written has gone.</summary>
    WantsRoom,

    /// <summary>The peer has ended its side, and says so.</summary>
    Ended,

    /// <summary>The conversation is over; what was written may tell the peer why.</summary>
    Failed,
}
