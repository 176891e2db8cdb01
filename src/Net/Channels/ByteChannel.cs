using Bixbite.Platform;

namespace Bixbite.Net.Channels;

/// <summary>
/// The way of a connection's bytes: a socket, a pipe within the process, or encryption over another channel. Never waits: what cannot be
/// done now is left to the next call, and each call says for what event that is.
/// </summary>
/// <remarks>
/// The channel belongs to one connection and is called by its loop's thread only. Events come once (edges): from the loop's poller if there
/// is a <see cref="Descriptor"/>, else by <see cref="IChannelUser.Note"/>. So only the call that has just found a lack may say that it is
/// waited for: between an older look and now the event may have come and gone.
/// </remarks>
public abstract class ByteChannel
{
    /// <summary>The descriptor whose events the loop is to watch, or -1.</summary>
    public abstract int Descriptor { get; }

    /// <summary>True if the peer is a process of this machine.</summary>
    public abstract bool IsLocal { get; }

    /// <summary>True for a Unix socket.</summary>
    public virtual bool IsUnixSocket => false;

    /// <summary>The process at the other end of a Unix socket; null where nobody knows it. Any thread.</summary>
    public virtual PeerCredentials? PeerCredentials => null;

    /// <summary>
    /// Writes the peer's address as text, in at most <see cref="SocketAddress.TextSizeMax"/> bytes, and returns its length. It holds as
    /// long as the object lives. Any thread.
    /// </summary>
    public abstract int FormatPeerAddress(Span<byte> text);

    /// <summary>Writes the address of this end in the same way.</summary>
    public abstract int FormatLocalAddress(Span<byte> text);

    /// <summary>Called once, before all else: tells the channel whom it tells of events.</summary>
    public virtual void Attach(IChannelUser user)
    {
    }

    /// <summary>Reads what is there, as far as there is room; <paramref name="room"/> is not empty.</summary>
    public abstract Transfer Read(Span<byte> room);

    /// <summary>
    /// Writes from the front of what the pieces hold together, as much as can be taken. What was not taken may be offered differently cut
    /// the next time, but not with other bytes.
    /// </summary>
    /// <param name="pieces">At least one, none empty.</param>
    /// <param name="size">The bytes of all pieces.</param>
    public abstract Transfer Write(ReadOnlySpan<IoVector> pieces, int size);

    /// <summary>No more is written: the peer reads what was, and then the end. Reading goes on.</summary>
    public abstract void EndWriting();

    /// <summary>Gives back everything. After <see cref="EndWriting"/> the peer still gets what was written, if it reads on.</summary>
    public abstract void Close();
}

/// <summary>Whom a channel without a descriptor tells of its events: its connection.</summary>
public interface IChannelUser
{
    /// <summary>Has the action run on the loop's thread. Any thread; false if nobody will run it.</summary>
    bool Post(Action action);

    /// <summary>Something has happened. The loop's thread only.</summary>
    void Note(ChannelEvents events);
}
