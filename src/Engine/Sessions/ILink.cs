using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Engine.Sessions;

/// <summary>
/// The way to a session's client, whatever carries it: a socket of an event loop now, a pipe within the process later. Every method may be
/// called by whoever has the execution lock; a link that lives on another thread passes the call on. Calls take effect in their order, and
/// before the client's next request runs.
/// </summary>
public interface ILink
{
    /// <summary>No address is longer than so many bytes.</summary>
    public const int AddressSizeMax = SocketAddress.TextSizeMax;

    /// <summary>
    /// The client's address as Redis prints it: <c>127.0.0.1:50000</c>, <c>[::1]:50000</c>, <c>/path:0</c>; a new string each time.
    /// </summary>
    public string PeerAddress { get; }

    /// <summary>Writes the client's address, in at most <see cref="AddressSizeMax"/> bytes; returns its length.</summary>
    public int FormatPeerAddress(Span<byte> text);

    /// <summary>The server's side of the connection in the same form.</summary>
    public int FormatLocalAddress(Span<byte> text);

    /// <summary>The client runs on this machine.</summary>
    public bool IsLocal { get; }

    /// <summary>The number by which the system knows the connection, or -1.</summary>
    public int Descriptor { get; }

    public bool IsUnixSocket { get; }

    /// <summary>The client speaks TLS.</summary>
    public bool IsEncrypted => false;

    /// <summary>The system's user at the other end of a Unix socket; null where nobody knows it.</summary>
    public uint? PeerUserId => null;

    /// <summary>Bytes received and not yet consumed.</summary>
    public long PendingInput { get; }

    /// <summary>Bytes of replies not yet taken by the system.</summary>
    public long PendingOutput { get; }

    /// <summary>Bytes of memory that input takes until it is consumed: at least what is pending, between two commands.</summary>
    public long InputMemory { get; }

    /// <summary>Bytes of memory that output takes until it is sent.</summary>
    public long OutputMemory { get; }

    /// <summary>Bytes that the system has taken so far.</summary>
    public long BytesSent { get; }

    /// <summary>How long the client's requests were in each stage on their way; empty where nobody measures it.</summary>
    public IReadOnlyList<RequestTime> Times => [];

    /// <summary>The durability lines that what is sent waits for, a bit each by their numbers.</summary>
    public int Lines { get; set; }

    /// <summary>
    /// Everything that was written to the client in this turn of its loop, and everything later, waits until the line has reached the
    /// position, if the line is one of <see cref="Lines"/>. On another loop's turn nothing happens: all that reaches the client from there
    /// waits anyway.
    /// </summary>
    public void Hold(int line, long position);

    /// <summary>
    /// Output waits for one of these lines, a bit each, for so long only and then goes; 0 is as long as it takes. The given reply then
    /// comes in the place of each that waits for a level of durability.
    /// </summary>
    public void LimitHolding(int lines, long limitMs, byte[] lateReply)
    {
    }

    /// <summary>
    /// The reply that was just made for the client waits for a level of durability; false if none is being made.
    /// </summary>
    /// <param name="clientStart">Where in the loop's output those of its replies begin that are nowhere else yet.</param>
    /// <param name="size">The reply's size.</param>
    public bool TryNoteReply(int clientStart, long size) => false;

    /// <summary>Sends a reply that comes later than the others of its round.</summary>
    /// <param name="reply">Copied.</param>
    /// <param name="isUnconfirmed">It waits for a level of durability.</param>
    public void SendReply(ReadOnlySpan<byte> reply, bool isUnconfirmed) => Send(reply);

    /// <summary>
    /// Sends bytes outside the replies of a round: what was blocked, pushed or monitored. To the client whose command runs they are sent
    /// after its reply.
    /// </summary>
    /// <param name="bytes">Copied.</param>
    /// <param name="shared">0, or the number of a message that goes to several clients one after the other: it is copied once.</param>
    public void Send(ReadOnlySpan<byte> bytes, long shared = 0);

    /// <summary>
    /// From now on the client gets what the source gives, from where it lies and at the client's pace, after all that was sent before.
    /// Called while a command of the client runs.
    /// </summary>
    public void SendFrom(IByteSource source);

    /// <summary>Little output may wait for more from now on, so that fewer packets are sent. Nothing where there are no packets.</summary>
    public void BundlePackets()
    {
    }

    /// <summary>There may be more in the source. Any thread.</summary>
    public void NoteSource();

    /// <summary>Closes the connection when what was written before has been sent.</summary>
    public void CloseAfterFlush();

    /// <summary>Closes the connection now.</summary>
    public void Abort();

    /// <summary>Presents the requests again that were left because the session could not go on.</summary>
    public void Resume();
}
