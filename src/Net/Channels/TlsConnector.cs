using Bixbite.Platform.OpenSsl;

namespace Bixbite.Net.Channels;

/// <summary>
/// Encrypts connections outwards: for <see cref="ConnectTarget.Wrap"/>. The peer's certificate has to be good.
/// </summary>
/// <param name="context">Whom to trust, and the certificate to show.</param>
/// <param name="serverName">The peer's name, which it is told; null if there is only an address.</param>
public sealed class TlsConnector(TlsContext context, string? serverName = null) : ITlsParty
{
    bool ITlsParty.SpeaksFirst => true;

    /// <summary>A channel that speaks TLS with the peer of this one.</summary>
    public ByteChannel Wrap(ByteChannel inner) => new TlsChannel(inner, this);

    TlsSession? ITlsParty.Begin() => TlsSession.Connect(context, serverName);

    void ITlsParty.Note(HandshakeOutcome outcome, TlsSession? session, ByteChannel channel)
    {
    }
}
