using Bixbite.Platform.OpenSsl;

namespace Bixbite.Net.Channels;

/// <summary>The part that this process plays in the conversations of its <see cref="TlsChannel"/>s: server or client. Any thread.</summary>
internal interface ITlsParty
{
    /// <summary>This side says the first word; otherwise there is no session before the peer has said something.</summary>
    bool SpeaksFirst { get; }

    /// <summary>A new session; null if there can be none now.</summary>
    TlsSession? Begin();

    /// <summary>A handshake is over.</summary>
    void Note(HandshakeOutcome outcome, TlsSession? session, ByteChannel channel);

    /// <summary>A conversation that was agreed on is over, and about to be disposed.</summary>
    void Ended(TlsSession session)
    {
    }
}
