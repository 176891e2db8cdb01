using System.Globalization;
using System.Text;
using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Net.Channels;

/// <summary>
/// A loop's end of a pipe within the process; the other is an <see cref="InProcessStream"/>, or another such channel. No descriptor, and no
/// system call where the loop sleeps: the thread that writes to the stream, or reads from it, serves its connection itself, as a guest.
/// Else it posts to the loop's mailbox, once for all that happens until the loop looks.
/// </summary>
internal sealed class PipeChannel : ByteChannel
{
    private readonly PipeBuffer _toLoop;
    private readonly PipeBuffer _toPeer;
    private readonly Action _readable;
    private readonly Action _writable;
    private readonly PostedEvents _events = new();
    private readonly byte[] _peerAddress;
    private readonly byte[] _localAddress;
    private PipeChannel? _otherEnd;

    /// <summary>The end that is connected to.</summary>
    /// <param name="number">Tells it from others in its address.</param>
    /// <param name="isTrusted">The peer is the owner of this side.</param>
    internal PipeChannel(long number, bool isTrusted = false)
        : this(new PipeBuffer(), new PipeBuffer(), AddressOf(number), AddressOf(0)) => IsTrusted = isTrusted;

    private PipeChannel(PipeBuffer toLoop, PipeBuffer toPeer, byte[] peerAddress, byte[] localAddress)
    {
        _toLoop = toLoop;
        _toPeer = toPeer;
        _peerAddress = peerAddress;
        _localAddress = localAddress;
        // A loop is no guest of another one, nor is a thread that ends its stream: that may be the finalizer's.
        _readable = () => _events.Signal(ChannelEvents.Readable, mayRun: _otherEnd is null && !_toLoop.HasEnded);
        _writable = () => _events.Signal(ChannelEvents.Writable, mayRun: _otherEnd is null && !_toPeer.HasEnded);
    }

    public override int Descriptor => -1;

    public override bool IsLocal => true;

    public override bool IsTrusted { get; }

    /// <summary>Called when this end is closed, by any thread, once or more.</summary>
    internal Action? Closed { get; init; }

    /// <summary>The other end for a loop, instead of <see cref="CreatePeer"/>. Before either end is attached.</summary>
    internal PipeChannel CreateOtherEnd() =>
        _otherEnd = new PipeChannel(_toPeer, _toLoop, _localAddress, _peerAddress) { _otherEnd = this };

    /// <summary>The other end, to be used by one owner.</summary>
    internal InProcessStream CreatePeer() => new(incoming: _toPeer, outgoing: _toLoop, hasLeft: events => _events.Signal(events));

    public override int FormatPeerAddress(Span<byte> text)
    {
        _peerAddress.CopyTo(text);
        return _peerAddress.Length;
    }

    public override int FormatLocalAddress(Span<byte> text)
    {
        _localAddress.CopyTo(text);
        return _localAddress.Length;
    }

    public override void Attach(IChannelUser user)
    {
        _events.User = user;
        // What has come before; what comes from now on finds the user.
        _events.Post(ChannelEvents.Readable);
    }

    public override Transfer Read(Span<byte> room) => _toLoop.Read(room, _readable);

    public override Transfer Write(ReadOnlySpan<IoVector> pieces, int size)
    {
        int written = 0;
        foreach (ref readonly IoVector piece in pieces)
        {
            Transfer transfer = _toPeer.Write(Native.Bytes(piece.Address, (int)piece.Size), _writable);
            if (transfer.Next == ChannelNext.Failed)
            {
                return transfer;
            }
            written += transfer.Count;
            if (transfer.Next == ChannelNext.Writable)
            {
                return new Transfer(written, ChannelNext.Writable);
            }
        }
        return new Transfer(written, ChannelNext.Ready);
    }

    public override void EndWriting()
    {
        _toPeer.End();
        _otherEnd?._events.Signal(ChannelEvents.PeerEnded);
    }

    public override void Close()
    {
        EndWriting();
        _toLoop.Break();
        Closed?.Invoke();
    }

    /// <summary>Whoever reads or writes at the other end is told that this one has failed. Once no loop uses it any more.</summary>
    internal void BreakOff()
    {
        _toPeer.Break();
        _toLoop.Break();
    }

    private static byte[] AddressOf(long number) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"pipe:{number}"));
}
