using Bixbite.Platform.OpenSsl;

namespace Bixbite.Net.Channels;

/// <summary>
/// Encrypts connections outwards, all to one peer: for <see cref="ConnectTarget.Wrap"/>. The peer's certificate has to be good, and of the
/// peer. After the first connection the next begin with what it has agreed on, if context and peer allow that.
/// </summary>
/// <param name="context">Whom to trust, and the certificate to show.</param>
/// <param name="peerName">
/// The name or address that the certificate has to be for, as the connection is made to it; null where any good certificate will do. A
/// name is told to the peer, which may have several certificates.
/// </param>
public sealed class TlsConnector(TlsContext context, string? peerName) : ITlsParty
{
    private volatile TlsResumption? _resumption;

    bool ITlsParty.SpeaksFirst => true;

    /// <summary>A channel that speaks TLS with the peer of this one.</summary>
    public ByteChannel Wrap(ByteChannel inner) => new TlsChannel(inner, this);

    TlsSession? ITlsParty.Begin() => TlsSession.Connect(context, peerName, _resumption);

    void ITlsParty.Note(HandshakeOutcome outcome, TlsSession? session, ByteChannel channel)
    {
    }

    void ITlsParty.Ended(TlsSession session)
    {
        // What a resumed one has agreed on is no better than what it began with, which another thread may be using.
        if (context.IsResumable && !session.IsResumed && session.Resumption() is { } resumption)
        {
            _resumption = resumption;
        }
    }
}
