using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;

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

    /// <summary>The number by which the system knows the channel, or -1.</summary>
    public virtual int Number => Descriptor;

    /// <summary>True if no event tells that the peer has ended its side: reading finds it.</summary>
    public virtual bool HidesEnd => false;

    /// <summary>True if the peer is a process of this machine.</summary>
    public abstract bool IsLocal { get; }

    /// <summary>The peer is the owner of this side, who need not say who it is.</summary>
    public virtual bool IsTrusted => false;

    /// <summary>True for a Unix socket.</summary>
    public virtual bool IsUnixSocket => false;

    /// <summary>All bytes are encrypted on their way.</summary>
    public virtual bool IsEncrypted => false;

    /// <summary>The process at the other end of a Unix socket; null where nobody knows it. Any thread.</summary>
    public virtual PeerCredentials? PeerCredentials => null;

    /// <summary>
    /// Writes the peer's address as text, in at most <see cref="SocketAddress.TextSizeMax"/> bytes, and returns its length. It holds as
    /// long as the object lives. Any thread.
    /// </summary>
    public abstract int FormatPeerAddress(Span<byte> text);

    /// <summary>Writes the address of this end in the same way.</summary>
    public abstract int FormatLocalAddress(Span<byte> text);

    /// <summary>
    /// True while the channel has to agree with the peer before anything is read or written: until <see cref="Handshake"/> is done.
    /// </summary>
    public virtual bool NeedsHandshake => false;

    /// <summary>The peer has said something to agree on, or this end has; before that it costs next to nothing.</summary>
    public virtual bool HasBegunHandshake => false;

    /// <summary>Why the two do not agree, for people; empty where nobody knows.</summary>
    public virtual string HandshakeFailure => "";

    /// <summary>The certificate by which the peer has said who it is, if it has.</summary>
    public virtual PeerCertificate? PeerCertificate => null;

    /// <summary>
    /// Goes on agreeing with the peer: Ready when that is done. The loop calls it again after the event that it waits for, and gives it up
    /// when it takes too long.
    /// </summary>
    /// <param name="workspace">The loop's, which the channel may use as long as it lives.</param>
    public virtual ChannelNext Handshake(ChannelWorkspace workspace) => ChannelNext.Ready;

    /// <summary>Agreeing is over, in this way. Called once, before the channel is closed if it is.</summary>
    public virtual void HandshakeEnded(HandshakeOutcome outcome)
    {
    }

    /// <summary>
    /// Called before all else: tells the channel whom it tells of events. One that needed a handshake has a new user after it.
    /// </summary>
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

    /// <summary>
    /// In place of reads while nobody wants the bytes, where the end is hidden: Ended or Failed if the peer has gone, else Readable, and an
    /// event when it makes sense to ask again. What has come meanwhile is read later, and no event announces that.
    /// </summary>
    public virtual ChannelNext WatchEnd() => ChannelNext.Readable;

    /// <summary>Little output waits until what was sent before has arrived, or there is more. Any thread.</summary>
    public virtual void BundlePackets()
    {
    }

    /// <summary>No more is written: the peer reads what was, and then the end. Reading goes on.</summary>
    public abstract void EndWriting();

    /// <summary>Gives back everything. After <see cref="EndWriting"/> the peer still gets what was written, if it reads on.</summary>
    public abstract void Close();
}

/// <summary>How the agreement of a channel with its peer has ended.</summary>
public enum HandshakeOutcome
{
    Done,

    /// <summary>The two cannot agree, or the peer has gone.</summary>
    Failed,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>Newer ones needed its place, or the loop has ended.</summary>
    Dropped,
}

/// <summary>Whom a channel without a descriptor tells of its events: its connection.</summary>
public interface IChannelUser
{
    /// <summary>Has the action run on the loop's thread. Any thread; false if nobody will run it.</summary>
    /// <param name="action">Makes visits due.</param>
    /// <param name="mayRun">Where the loop sleeps the calling thread may run it at once, and the round that follows from it.</param>
    bool Post(Action action, bool mayRun = false);

    /// <summary>Something has happened. The loop's thread only.</summary>
    void Note(ChannelEvents events);
}
