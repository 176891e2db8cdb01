using System.Text;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.Net.Channels;

/// <summary>
/// Encrypts accepted connections: with what now, and what has become of their handshakes. One for all loops of a server; whoever
/// configures it changes it while they run, and connections keep what they began with.
/// </summary>
public sealed class TlsAcceptor : ITlsParty
{
    private volatile TlsContext? _context;
    private volatile PeerVerification _verification;
    private long _fullCount;
    private long _resumedCount;
    private long _failedCount;
    private long _timedOutCount;
    private long _droppedCount;

    /// <summary>Certificate, key and the like; without one no handshake succeeds.</summary>
    public TlsContext? Context
    {
        get => _context;
        set => _context = value;
    }

    /// <summary>Whether clients show a certificate.</summary>
    public PeerVerification Verification
    {
        get => _verification;
        set => _verification = value;
    }

    /// <summary>Gets a line for the log when a handshake fails; on the thread of its loop.</summary>
    public Action<string>? OnFailure { get; set; }

    /// <summary>Handshakes from the beginning.</summary>
    public long FullCount => Volatile.Read(ref _fullCount);

    /// <summary>Handshakes that resumed a session.</summary>
    public long ResumedCount => Volatile.Read(ref _resumedCount);

    public long FailedCount => Volatile.Read(ref _failedCount);

    public long TimedOutCount => Volatile.Read(ref _timedOutCount);

    /// <summary>Handshakes whose place newer ones have taken.</summary>
    public long DroppedCount => Volatile.Read(ref _droppedCount);

    bool ITlsParty.SpeaksFirst => false;

    /// <summary>A channel that speaks TLS with whoever has connected by this one.</summary>
    public ByteChannel Wrap(ByteChannel inner) => new TlsChannel(inner, this);

    TlsSession? ITlsParty.Begin() => _context is { } context ? TlsSession.Accept(context, _verification) : null;

    void ITlsParty.Note(HandshakeOutcome outcome, TlsSession? session, ByteChannel channel)
    {
        switch (outcome)
        {
            case HandshakeOutcome.Done when session!.IsResumed:
                Interlocked.Increment(ref _resumedCount);
                return;
            case HandshakeOutcome.Done:
                Interlocked.Increment(ref _fullCount);
                return;
            case HandshakeOutcome.TimedOut:
                Interlocked.Increment(ref _timedOutCount);
                return;
            case HandshakeOutcome.Dropped:
                Interlocked.Increment(ref _droppedCount);
                return;
            default:
                Interlocked.Increment(ref _failedCount);
                Report(session, channel);
                return;
        }
    }

    private void Report(TlsSession? session, ByteChannel channel)
    {
        if (OnFailure is not { } report)
        {
            return;
        }
        Span<byte> text = stackalloc byte[SocketAddress.TextSizeMax];
        string peer = Encoding.UTF8.GetString(text[..channel.FormatPeerAddress(text)]);
        string reason = session is { Failure.Length: > 0 } ? session.Failure : "the peer has closed the connection";
        report($"Error accepting a client connection: {reason} (addr={peer})");
    }
}
