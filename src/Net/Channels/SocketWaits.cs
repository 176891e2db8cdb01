using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Bixbite.Net.Channels;

/// <summary>
/// The waits of a channel at its socket, which are left to .NET: at most a receive of no bytes, which ends when there is something to
/// read, and the send of a few bytes for which there was no room. The end of either is told to the channel's user. Owns the socket.
/// </summary>
/// <remarks>
/// The loop's thread begins, and may begin again what is over; other threads end. The socket, and what was made for it, is given back by
/// whoever lets go of it last: the channel, or an operation that is under way when that closes.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Close gives everything back, as soon as nothing is under way.")]
internal sealed class SocketWaits
{
    /// <summary>So many bytes are given away at most: they are copied, and room for them is room for more.</summary>
    internal const int SentSizeMax = 4096;

    private readonly Socket _socket;
    private readonly Operation _receive;
    private readonly PostedEvents _events = new();
    private Operation? _send;
    private int _holdCount = 1;

    internal SocketWaits(Socket socket)
    {
        _socket = socket;
        _receive = new Operation(this, ChannelEvents.Readable);
        _receive.SetBuffer([], 0, 0);
    }

    /// <summary>A send has been begun, and not been asked about since it has ended.</summary>
    internal bool HasSend => _send is { IsIdle: false };

    /// <summary>Tells of events from now on; of what has come before too.</summary>
    internal void Attach(IChannelUser user)
    {
        _events.User = user;
        if (!AwaitInput())
        {
            _events.Signal(ChannelEvents.Readable);
        }
    }

    /// <summary>True if the user will be told that there is something to read; false if there is already.</summary>
    internal bool AwaitInput()
    {
        if (_receive.IsUnderWay)
        {
            return true;
        }
        return Begin(_receive);
    }

    /// <summary>Sends a copy of these bytes, at most so many; the user is told when they have gone, if it takes until then.</summary>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        _send ??= new Operation(this, ChannelEvents.Writable);
        Debug.Assert(_send.IsIdle && bytes.Length <= SentSizeMax);
        byte[] copy = ArrayPool<byte>.Shared.Rent(SentSizeMax);
        bytes.CopyTo(copy);
        _send.SetBuffer(copy, 0, bytes.Length);
        _ = Begin(_send);
    }

    /// <summary>Of the send that was begun: how many bytes have gone, -1 if the connection is dead; false while it is under way.</summary>
    internal bool TryEndSend(out int count)
    {
        count = 0;
        if (_send!.IsUnderWay)
        {
            return false;
        }
        count = _send.SocketError == SocketError.Success ? _send.BytesTransferred : -1;
        _send.GiveBackBuffer();
        return true;
    }

    /// <summary>Ends what is under way. The peer still gets what was written, unless a send is under way.</summary>
    internal void Close()
    {
        if (Volatile.Read(ref _holdCount) > 1)
        {
            BreakOff();
        }
        Release();
    }

    /// <summary>
    /// .NET resets a connection that is closed in the midst of an operation. Where shutting down makes the system end the operations, they
    /// are over before.
    /// </summary>
    private void BreakOff()
    {
        bool isDead = OperatingSystem.IsWindows();
        try
        {
            _socket.Shutdown(HasSend ? SocketShutdown.Both : SocketShutdown.Receive);
        }
        catch (SocketException)
        {
            isDead = true;
        }
        if (isDead)
        {
            _socket.Dispose();
        }
    }

    private bool Begin(Operation operation)
    {
        operation.IsUnderWay = true;
        Interlocked.Increment(ref _holdCount);
        bool isUnderWay = operation == _receive ? _socket.ReceiveAsync(operation) : _socket.SendAsync(operation);
        if (!isUnderWay)
        {
            operation.IsUnderWay = false;
            Release();
        }
        return isUnderWay;
    }

    /// <summary>A thread of .NET's.</summary>
    private void Complete(Operation operation, ChannelEvents events)
    {
        operation.IsUnderWay = false;
        _events.Signal(events);
        Release();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _holdCount) == 0)
        {
            _socket.Dispose();
            _receive.Dispose();
            _send?.GiveBackBuffer();
            _send?.Dispose();
        }
    }

    private sealed class Operation(SocketWaits waits, ChannelEvents events)
        : SocketAsyncEventArgs(true)
    {
        private volatile bool _isUnderWay;

        internal bool IsUnderWay
        {
            get => _isUnderWay;
            set => _isUnderWay = value;
        }

        /// <summary>It has no bytes.</summary>
        internal bool IsIdle => Buffer is null;

        internal void GiveBackBuffer()
        {
            if (Buffer is { } buffer)
            {
                SetBuffer(null, 0, 0);
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        protected override void OnCompleted(SocketAsyncEventArgs e) => waits.Complete(this, events);
    }
}
