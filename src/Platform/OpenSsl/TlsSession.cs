using System.Runtime.InteropServices;
using System.Text;

namespace Bixbite.Platform.OpenSsl;

/// <summary>
/// One conversation over TLS, without a socket: it takes the peer's bytes and writes those for the peer into memory that it is shown, and
/// keeps neither. Used by one thread at a time; whoever made it disposes it.
/// </summary>
/// <remarks>
/// A call that cannot go on says what it wants and is made again. <see cref="Write"/> is given room for all that it may write
/// (<see cref="RecordOverheadMax"/>), so that no record is ever left half written within OpenSSL.
/// </remarks>
public sealed unsafe class TlsSession : IDisposable
{
    /// <summary>The plain bytes of a record.</summary>
    public const int RecordSizeMax = 16 * 1024;

    /// <summary>The most by which a record is longer, with an answer to a key update before it.</summary>
    public const int RecordOverheadMax = 1024;

    private nint _ssl;
    private BioBuffers* _buffers;

    private TlsSession(nint ssl, BioBuffers* buffers)
    {
        _ssl = ssl;
        _buffers = buffers;
    }

    /// <summary>Why the latest call failed, in OpenSSL's words.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>Bytes of the peer lie within OpenSSL that may become plain ones without more of them.</summary>
    public bool HoldsBytes => Ssl.SSL_has_pending(_ssl) == 1;

    /// <summary>It goes on with what was agreed on in an earlier one.</summary>
    public bool IsResumed => Ssl.SSL_session_reused(_ssl) == 1;

    /// <summary>A conversation that a client begins; null if there is no memory for it.</summary>
    public static TlsSession? Accept(TlsContext context, PeerVerification verification)
    {
        if (Create(context) is not { } session)
        {
            return null;
        }
        int mode = verification switch
        {
            PeerVerification.None => Ssl.SSL_VERIFY_NONE,
            PeerVerification.Optional => Ssl.SSL_VERIFY_PEER,
            _ => Ssl.SSL_VERIFY_PEER | Ssl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
        };
        Ssl.SSL_set_verify(session._ssl, mode, 0);
        // Who has come in without a certificate does not resume where one is required.
        byte scope = (byte)('0' + mode);
        _ = Ssl.SSL_set_session_id_context(session._ssl, &scope, 1);
        Ssl.SSL_set_accept_state(session._ssl);
        return session;
    }

    /// <summary>
    /// A conversation that this side begins, with a peer whose certificate has to be good; null if there is no memory for it.
    /// </summary>
    /// <param name="context">Whom to trust, and the certificate to show if the peer asks for one.</param>
    /// <param name="peerName">
    /// The name or address that the certificate has to be for; null for any. A name is told to the peer.
    /// </param>
    /// <param name="earlier">Of a conversation with the same peer, which agrees to that or begins anew; null for none.</param>
    public static TlsSession? Connect(TlsContext context, string? peerName, TlsResumption? earlier = null)
    {
        if (Create(context) is not { } session)
        {
            return null;
        }
        Ssl.SSL_set_verify(session._ssl, Ssl.SSL_VERIFY_PEER, 0);
        if (peerName is not null && !session.Expect(peerName))
        {
            session.Dispose();
            return null;
        }
        if (earlier is not null)
        {
            _ = Ssl.SSL_set_session(session._ssl, earlier);
        }
        Ssl.SSL_set_connect_state(session._ssl);
        return session;
    }

    /// <summary>Goes on agreeing with the peer.</summary>
    public TlsProgress Handshake(ref TlsBytes bytes)
    {
        fixed (byte* input = bytes.Input, room = bytes.Room)
        {
            Begin(bytes, input, room);
            return End(ref bytes, Ssl.SSL_do_handshake(_ssl));
        }
    }

    /// <summary>Reads plain bytes of at most one record.</summary>
    /// <param name="bytes">The peer's bytes.</param>
    /// <param name="plain">Not empty.</param>
    /// <param name="count">How many plain bytes there were.</param>
    public TlsProgress Read(ref TlsBytes bytes, Span<byte> plain, out int count)
    {
        nuint moved = 0;
        TlsProgress progress;
        fixed (byte* input = bytes.Input, room = bytes.Room, destination = plain)
        {
            Begin(bytes, input, room);
            progress = End(ref bytes, Ssl.SSL_read_ex(_ssl, destination, (nuint)plain.Length, &moved));
        }
        count = (int)moved;
        return progress;
    }

    /// <summary>Encrypts plain bytes as one record.</summary>
    /// <param name="bytes">There is room for the bytes and <see cref="RecordOverheadMax"/> more.</param>
    /// <param name="plain">At most <see cref="RecordSizeMax"/>, and at least one.</param>
    public TlsProgress Write(ref TlsBytes bytes, ReadOnlySpan<byte> plain)
    {
        nuint moved = 0;
        fixed (byte* input = bytes.Input, room = bytes.Room, source = plain)
        {
            Begin(bytes, input, room);
            return End(ref bytes, Ssl.SSL_write_ex(_ssl, source, (nuint)plain.Length, &moved));
        }
    }

    /// <summary>Says that no more is written; nothing where the two have not agreed.</summary>
    public void EndWriting(ref TlsBytes bytes)
    {
        fixed (byte* input = bytes.Input, room = bytes.Room)
        {
            Begin(bytes, input, room);
            if (Ssl.SSL_shutdown(_ssl) < 0)
            {
                Ssl.ERR_clear_error();
            }
            MoveOn(ref bytes);
        }
    }

    /// <summary>Gives back the buffers of records; there are new ones when they are needed. No record may have come in part.</summary>
    public void ReleaseBuffers() => _ = Ssl.SSL_free_buffers(_ssl);

    /// <summary>Asks for new keys in both directions, with the next bytes that are written. For tests.</summary>
    public bool UpdateKeys() => Ssl.SSL_key_update(_ssl, 1) == 1;

    /// <summary>Begins another handshake with the next bytes that are written, as only TLS 1.2 knows it. For tests.</summary>
    public bool Renegotiate()
    {
        _ = Ssl.SSL_clear_options(_ssl, Ssl.SSL_OP_NO_RENEGOTIATION);
        return Ssl.SSL_renegotiate(_ssl) == 1;
    }

    /// <summary>
    /// For a later conversation to begin with; null if the peer has not offered that. With TLS 1.3 it does so after the handshake, so
    /// something has to be read before.
    /// </summary>
    public TlsResumption? Resumption()
    {
        nint agreed = Ssl.SSL_get1_session(_ssl);
        if (agreed != 0 && Ssl.SSL_SESSION_is_resumable(agreed) == 1)
        {
            return new TlsResumption(agreed);
        }
        Ssl.SSL_SESSION_free(agreed);
        return null;
    }

    /// <summary>The names in the certificate that the peer has shown; null if it has shown none.</summary>
    public PeerCertificate? PeerCertificate() =>
        Ssl.SSL_get_verify_result(_ssl) == Ssl.X509_V_OK && Ssl.SSL_get0_peer_certificate(_ssl) is var certificate and not 0
            ? CertificateNames.Of(certificate)
            : null;

    public void Dispose()
    {
        if (_ssl == 0)
        {
            return;
        }
        // A session that was not ended by both is not resumed; but how a peer closes its socket says nothing against it.
        if (Failure.Length == 0)
        {
            Ssl.SSL_set_shutdown(_ssl, Ssl.SSL_SENT_SHUTDOWN | Ssl.SSL_RECEIVED_SHUTDOWN);
        }
        Ssl.SSL_free(_ssl);
        NativeMemory.Free(_buffers);
        _ssl = 0;
        _buffers = null;
    }

    private static TlsSession? Create(TlsContext context)
    {
        nint ssl = Ssl.SSL_new(context);
        if (ssl == 0)
        {
            return null;
        }
        var buffers = (BioBuffers*)NativeMemory.AllocZeroed((nuint)sizeof(BioBuffers));
        nint bio = BufferBio.Create(buffers);
        if (bio == 0)
        {
            NativeMemory.Free(buffers);
            Ssl.SSL_free(ssl);
            return null;
        }
        Ssl.SSL_set_bio(ssl, bio, bio);
        return new TlsSession(ssl, buffers);
    }

    /// <summary>The certificate has to be for this name or address; false where it is neither.</summary>
    private bool Expect(string peerName)
    {
        // To OpenSSL an empty name is any, and one that begins with a dot whatever ends so.
        if (peerName.Length == 0 || peerName[0] == '.' || peerName.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }
        Ssl.SSL_set_hostflags(_ssl, Ssl.X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        if (SocketAddress.TryParse(peerName, 0, out _))
        {
            return Ssl.X509_VERIFY_PARAM_set1_ip_asc(Ssl.SSL_get0_param(_ssl), peerName) == 1;
        }
        fixed (byte* name = Encoding.UTF8.GetBytes(peerName + '\0'))
        {
            return Ssl.SSL_ctrl(_ssl, Ssl.SSL_CTRL_SET_TLSEXT_HOSTNAME, 0, name) == 1 && Ssl.SSL_set1_host(_ssl, peerName) == 1;
        }
    }

    private void Begin(in TlsBytes bytes, byte* input, byte* room)
    {
        _buffers->Input = input;
        _buffers->InputSize = (nuint)bytes.Input.Length;
        _buffers->Room = room;
        _buffers->RoomSize = (nuint)bytes.Room.Length;
        _buffers->Lack = BioLack.None;
    }

    private void MoveOn(ref TlsBytes bytes)
    {
        int written = bytes.Room.Length - (int)_buffers->RoomSize;
        bytes.Input = bytes.Input[^(int)_buffers->InputSize..];
        bytes.Room = bytes.Room[written..];
        bytes.Written += written;
    }

    /// <summary>
    /// Moves on in the bytes, and says how the call went. What it lacked is known here better than in OpenSSL's queue of errors.
    /// </summary>
    private TlsProgress End(ref TlsBytes bytes, int result)
    {
        MoveOn(ref bytes);
        if (result > 0)
        {
            return TlsProgress.Done;
        }
        if (_buffers->Lack != BioLack.None)
        {
            return _buffers->Lack == BioLack.Input ? TlsProgress.WantsInput : TlsProgress.WantsRoom;
        }
        bool hasEnded = (Ssl.SSL_get_shutdown(_ssl) & Ssl.SSL_RECEIVED_SHUTDOWN) != 0;
        bool isClean = hasEnded && Ssl.ERR_peek_last_error() == 0;
        string failure = OpenSslLibrary.TakeError();
        // A peer that refuses to go on says why, and ends that way.
        Failure = isClean ? Failure : failure;
        return hasEnded ? TlsProgress.Ended : TlsProgress.Failed;
    }
}
