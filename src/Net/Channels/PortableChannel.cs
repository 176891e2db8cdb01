using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Platform;
using SocketAddress = Bixbite.Platform.SocketAddress;

namespace Bixbite.Net.Channels;

/// <summary>
/// A connected socket of .NET, TCP or Unix. It has no descriptor that a loop could watch: its <see cref="SocketWaits"/> tell of events, and
/// own the socket. Bytes are moved by the loop's thread, in calls that do not wait.
/// </summary>
internal sealed class PortableChannel : AddressedChannel
{
    private const int AheadPartSize = 4096;
    private const int AheadSizeMax = 64 * 1024;
    private const int DiscardSizeMax = 1024 * 1024;
    private const int PartSize = 64 * 1024;

    private readonly Socket _socket;
    private readonly SocketWaits _waits;
    private readonly int _number;
    private ReadOnlyMemory<byte> _ahead;
    private bool _hasEndedWriting;
    private bool _isClosed;

    /// <summary>Of TCP.</summary>
    /// <param name="socket">Does not block.</param>
    /// <param name="peer">The other end's address.</param>
    internal PortableChannel(Socket socket, in SocketAddress peer)
        : this(socket, peer, unixPath: null, credentials: null)
    {
    }

    /// <summary>Of a Unix socket.</summary>
    /// <param name="socket">Does not block.</param>
    /// <param name="unixPath">The path that it was reached by.</param>
    internal PortableChannel(Socket socket, string unixPath)
        : this(socket, default, unixPath, CredentialsOf(socket))
    {
    }

    private PortableChannel(Socket socket, in SocketAddress peer, string? unixPath, PeerCredentials? credentials)
        : base(peer, unixPath, credentials)
    {
        _socket = socket;
        _waits = new SocketWaits(socket);
        _number = (int)socket.SafeHandle.DangerousGetHandle();
    }

    public override int Descriptor => -1;

    public override int Number => _number;

    public override bool HidesEnd => true;

    public override void Attach(IChannelUser user) => _waits.Attach(user);

    public override Transfer Read(Span<byte> room)
    {
        if (_ahead.Length > 0)
        {
            return new Transfer(TakeAhead(room), ChannelNext.Ready);
        }
        int received = _socket.Receive(room, SocketFlags.None, out SocketError error);
        return error switch
        {
            // Bytes or not, the next look tells: with load there is more by then, and nobody has to wait for it.
            SocketError.Success => received > 0 ? new Transfer(received, ChannelNext.Ready) : Transfer.Ended,
            SocketError.WouldBlock => new Transfer(0, _waits.AwaitInput() ? ChannelNext.Readable : ChannelNext.Ready),
            SocketError.Interrupted => new Transfer(0, ChannelNext.Ready),
            _ => Transfer.Failed,
        };
    }

    public override ChannelNext WatchEnd()
    {
        byte[] part = ArrayPool<byte>.Shared.Rent(AheadPartSize);
        ChannelNext next = ReadAhead(part);
        ArrayPool<byte>.Shared.Return(part);
        return next;
    }

    public override Transfer Write(ReadOnlySpan<IoVector> pieces, int size)
    {
        int moved = 0;
        if (!_waits.HasSend && pieces.Length == 1)
        {
            moved = Send(Native.Bytes(pieces[0].Address, size));
            if (moved == size)
            {
                return new Transfer(size, ChannelNext.Ready);
            }
        }
        return moved < 0 ? Transfer.Failed : WriteRest(pieces, size, moved);
    }

    public override void BundlePackets()
    {
        if (!IsUnixSocket)
        {
            TcpOptions.BundlePackets(_socket);
        }
    }

    public override void EndWriting()
    {
        _hasEndedWriting = true;
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // There is nobody to be told.
        }
    }

    public override void Close()
    {
        if (_isClosed)
        {
            return;
        }
        _isClosed = true;
        // Unread input would make the system reset a TCP connection, and the peer lose the last reply.
        if (_hasEndedWriting && !IsUnixSocket)
        {
            Discard();
        }
        _waits.Close();
    }

    /// <summary>In parts, and with what .NET was given before.</summary>
    private Transfer WriteRest(ReadOnlySpan<IoVector> pieces, int size, int moved)
    {
        byte[] copies = ArrayPool<byte>.Shared.Rent(PartSize);
        bool isFull = moved > 0;
        while (true)
        {
            if (_waits.HasSend)
            {
                if (!_waits.TryEndSend(out int sent) || sent < 0)
                {
                    ArrayPool<byte>.Shared.Return(copies);
                    return sent < 0 ? Transfer.Failed : new Transfer(moved, ChannelNext.Writable);
                }
                moved += Math.Min(sent, size - moved);
                isFull = false;
            }
            if (moved == size)
            {
                ArrayPool<byte>.Shared.Return(copies);
                return new Transfer(size, ChannelNext.Ready);
            }
            PieceCursor cursor = new(pieces);
            cursor.Skip(moved);
            if (isFull)
            {
                _waits.Send(cursor.Next(copies.AsSpan(0, SocketWaits.SentSizeMax)));
                continue;
            }
            ReadOnlySpan<byte> part = cursor.Next(copies.AsSpan(0, PartSize));
            int taken = Send(part);
            if (taken < 0)
            {
                ArrayPool<byte>.Shared.Return(copies);
                return Transfer.Failed;
            }
            moved += taken;
            isFull = taken < part.Length;
        }
    }

    /// <summary>How many bytes the socket takes; -1 if it is dead.</summary>
    private int Send(ReadOnlySpan<byte> bytes)
    {
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock or SocketError.Interrupted => 0,
            _ => -1,
        };
    }

    private ChannelNext ReadAhead(byte[] part)
    {
        while (_ahead.Length < AheadSizeMax)
        {
            int room = Math.Min(part.Length, AheadSizeMax - _ahead.Length);
            int received = _socket.Receive(part.AsSpan(0, room), SocketFlags.None, out SocketError error);
            if (error == SocketError.Success && received > 0)
            {
                _ahead = (byte[])[.. _ahead.Span, .. part.AsSpan(0, received)];
            }
            else if (error == SocketError.Success)
            {
                return ChannelNext.Ended;
            }
            else if (error != SocketError.WouldBlock)
            {
                return ChannelNext.Failed;
            }
            else if (_waits.AwaitInput())
            {
                break;
            }
        }
        return ChannelNext.Readable;
    }

    private int TakeAhead(Span<byte> room)
    {
        int count = Math.Min(room.Length, _ahead.Length);
        _ahead.Span[..count].CopyTo(room);
        _ahead = count < _ahead.Length ? _ahead[count..] : default;
        return count;
    }

    private void Discard()
    {
        byte[] room = ArrayPool<byte>.Shared.Rent(PartSize);
        int left = DiscardSizeMax;
        int received;
        do
        {
            received = _socket.Receive(room, SocketFlags.None, out SocketError error);
            left -= received;
        }
        while (received > 0 && left > 0);
        ArrayPool<byte>.Shared.Return(room);
    }

    private static PeerCredentials? CredentialsOf(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }
        Span<byte> bytes = stackalloc byte[Bixbite.Platform.PeerCredentials.Size];
        try
        {
            int size = socket.GetRawSocketOption(Sockets.SOL_SOCKET, Sockets.SO_PEERCRED, bytes);
            return size == bytes.Length ? MemoryMarshal.Read<PeerCredentials>(bytes) : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    protected override SocketAddress ReadLocalAddress()
    {
        try
        {
            return _socket.LocalEndPoint is IPEndPoint end ? SocketAddress.Of(end) : default;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // It is closed, and nobody has asked before.
            return default;
        }
    }
}
