using Bixbite.Platform;

namespace Bixbite.Net.Channels;

/// <summary>A connected socket of Linux', TCP or Unix; owns its descriptor.</summary>
internal sealed class SocketChannel : AddressedChannel
{
    private const int DiscardSizeMax = 1024 * 1024;

    private readonly int _descriptor;
    private bool _hasEndedWriting;
    private bool _isClosed;

    /// <summary>Of TCP.</summary>
    /// <param name="descriptor">Non-blocking.</param>
    /// <param name="peer">The other end's address.</param>
    public SocketChannel(int descriptor, in SocketAddress peer)
        : base(peer, unixPath: null, credentials: null) => _descriptor = descriptor;

    /// <summary>Of a Unix socket.</summary>
    /// <param name="descriptor">Non-blocking.</param>
    /// <param name="unixPath">The path that it was reached by.</param>
    public SocketChannel(int descriptor, string unixPath)
        : base(default, unixPath, CredentialsOf(descriptor)) => _descriptor = descriptor;

    public override int Descriptor => _descriptor;

    public override Transfer Read(Span<byte> room)
    {
        int received = Sockets.recv(_descriptor, room);
        // A short receive has emptied the socket, and new bytes are a new edge.
        if (received > 0)
        {
            return new Transfer(received, received < room.Length ? ChannelNext.Readable : ChannelNext.Ready);
        }
        return received == 0 ? Transfer.Ended : NotMoved(received, ChannelNext.Readable);
    }

    public override Transfer Write(ReadOnlySpan<IoVector> pieces, int size)
    {
        int sent = pieces.Length == 1
            ? Sockets.send(_descriptor, pieces[0].Address, size)
            : Sockets.sendmsg(_descriptor, pieces);
        if (sent >= 0)
        {
            return new Transfer(sent, sent < size ? ChannelNext.Writable : ChannelNext.Ready);
        }
        return NotMoved(sent, ChannelNext.Writable);
    }

    public override void BundlePackets() => TcpOptions.BundlePackets(_descriptor);

    public override void EndWriting()
    {
        _hasEndedWriting = true;
        _ = Sockets.shutdown(_descriptor, Sockets.SHUT_WR);
    }

    public override void Close()
    {
        if (_isClosed)
        {
            return;
        }
        _isClosed = true;
        // Unread input would make close reset a TCP connection, and the peer lose the last reply.
        if (_hasEndedWriting && !IsUnixSocket)
        {
            _ = Sockets.recv_discard(_descriptor, DiscardSizeMax);
        }
        Files.close(_descriptor);
    }

    /// <summary>After a signal that came in between, the same call is made again.</summary>
    private static Transfer NotMoved(int result, ChannelNext lack) => -result switch
    {
        Errno.EAGAIN => new Transfer(0, lack),
        Errno.EINTR => new Transfer(0, ChannelNext.Ready),
        _ => Transfer.Failed,
    };

    protected override SocketAddress ReadLocalAddress()
    {
        SocketAddress local = default;
        if (!_isClosed)
        {
            _ = Sockets.getsockname(_descriptor, out local);
        }
        return local;
    }

    private static PeerCredentials? CredentialsOf(int descriptor) =>
        Sockets.getpeercred(descriptor, out PeerCredentials credentials) < 0 ? null : credentials;
}
