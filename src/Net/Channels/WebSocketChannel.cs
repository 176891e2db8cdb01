using System.Buffers.Binary;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.Net.Channels;

/// <summary>
/// The server's end of a WebSocket over another channel, which it owns: binary messages carry a stream of bytes in both directions
/// (RFC 6455). Pings are answered, and a close is, here.
/// </summary>
/// <remarks>
/// Bytes are kept from one call to the next in three places, all nearly always empty:
/// <code>
///   kept      received, and not taken apart, since there was no room
///   header    the rest of a frame's header; "frame left" bytes of payload follow, which are offered until they are sent
///   control   what the protocol itself sends, between two frames: the reply of the handshake, pongs, a close
/// </code>
/// Payload goes from where it lies, behind its header: one write is one frame.
/// </remarks>
internal sealed class WebSocketChannel : ByteChannel
{
    /// <summary>With more to be sent than this of the protocol's own, nothing is read that may make more of it.</summary>
    private const int ControlWaitingMax = 16 * 1024;

    private const int PiecesMax = 32;
    private const byte Last = 0x80;
    private const byte Binary = 2;
    private const byte CloseFrame = 8;
    private const byte Pong = 10;
    private const int HeaderSizeMax = 10;

    private readonly ByteChannel _inner;
    private readonly ChannelWorkspace _workspace;
    private readonly WebSocketFrames _frames = new();
    private KeptBytes _kept;
    private KeptBytes _header;
    private KeptBytes _control;
    private int _frameLeft;
    private State _state;

    /// <param name="inner">Over which the peer has asked for a WebSocket.</param>
    /// <param name="workspace">The loop's.</param>
    /// <param name="reply">The answer to that, which is sent before all else.</param>
    /// <param name="rest">What came behind the request.</param>
    internal WebSocketChannel(ByteChannel inner, ChannelWorkspace workspace, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> rest)
    {
        _inner = inner;
        _workspace = workspace;
        _control.Append(Heap, reply);
        _kept.Append(Heap, rest);
    }

    public override int Descriptor => _inner.Descriptor;

    public override int Number => _inner.Number;

    public override bool HidesEnd => _inner.HidesEnd;

    public override bool IsLocal => _inner.IsLocal;

    public override bool IsUnixSocket => _inner.IsUnixSocket;

    public override PeerCredentials? PeerCredentials => _inner.PeerCredentials;

    public override PeerCertificate? PeerCertificate => _inner.PeerCertificate;

    private Heap Heap => _workspace.Heap;

    /// <summary>The protocol's own bytes cannot be sent, or there are too many of them.</summary>
    private bool IsReadHeld => !_control.IsEmpty && (_frameLeft == 0 || _control.Length > ControlWaitingMax);

    public override int FormatPeerAddress(Span<byte> text) => _inner.FormatPeerAddress(text);

    public override int FormatLocalAddress(Span<byte> text) => _inner.FormatLocalAddress(text);

    public override void Attach(IChannelUser user) => _inner.Attach(user);

    public override ChannelNext WatchEnd() => _inner.WatchEnd();

    public override void BundlePackets() => _inner.BundlePackets();

    public override Transfer Read(Span<byte> room)
    {
        ChannelNext flushed = FlushControl();
        if (flushed == ChannelNext.Failed)
        {
            return Transfer.Failed;
        }
        if (IsReadHeld)
        {
            return Held(0, flushed);
        }
        if (Has(State.IsClosed))
        {
            return Transfer.Ended;
        }
        int count = 0;
        ChannelNext next = ChannelNext.Ready;
        if (_kept.IsEmpty)
        {
            Transfer received = _inner.Read(_workspace.Framed);
            if (received.Count == 0)
            {
                return received;
            }
            next = received.Next;
            ReadOnlySpan<byte> input = _workspace.Framed[..received.Count];
            _kept.Append(Heap, input[TakeApart(input, room, ref count)..]);
        }
        else
        {
            _kept.Consume(Heap, TakeApart(_kept.Bytes, room, ref count));
        }
        flushed = FlushControl();
        return flushed == ChannelNext.Failed ? Transfer.Failed
            : IsReadHeld ? Held(count, flushed)
            : Outcome(count, next);
    }

    public override Transfer Write(ReadOnlySpan<IoVector> pieces, int size)
    {
        int done = 0;
        while (done < size)
        {
            ChannelNext next = FlushControl();
            if (next == ChannelNext.Failed)
            {
                return Transfer.Failed;
            }
            if (_frameLeft == 0)
            {
                if (Has(State.IsClosed))
                {
                    // The peer has closed and takes nothing any more.
                    return new Transfer(size, ChannelNext.Ready);
                }
                if (!_control.IsEmpty)
                {
                    return new Transfer(done, next);
                }
                BeginFrame(size - done);
            }
            Transfer sent = SendFrame(pieces, done, out int total);
            if (sent.Next == ChannelNext.Failed)
            {
                _state |= State.HasFailed;
                return Transfer.Failed;
            }
            done += sent.Count;
            if (sent.Next != ChannelNext.Ready && sent.Count < total)
            {
                return new Transfer(done, sent.Next);
            }
        }
        _ = FlushControl();
        return new Transfer(done, ChannelNext.Ready);
    }

    public override void EndWriting()
    {
        if (!Has(State.IsClosed))
        {
            QueueClose(WebSocketFrames.NormalClosure);
        }
        _ = FlushControl();
        _inner.EndWriting();
    }

    public override void Close()
    {
        _kept.Drop(Heap);
        _header.Drop(Heap);
        _control.Drop(Heap);
        _inner.Close();
    }

    private bool Has(State state) => (_state & state) != 0;

    /// <summary>Moves payload to the room; returns how much of the input is done with.</summary>
    private int TakeApart(ReadOnlySpan<byte> input, Span<byte> room, ref int count)
    {
        ReadOnlySpan<byte> rest = input;
        while (true)
        {
            WebSocketStep step = _frames.Take(ref rest, room[count..], out int moved);
            count += moved;
            switch (step)
            {
                case WebSocketStep.Ping:
                    QueueControl(Pong, _frames.Control);
                    break;
                case WebSocketStep.Close:
                case WebSocketStep.Broken:
                    QueueClose(_frames.CloseCode);
                    return input.Length;
                default:
                    return input.Length - rest.Length;
            }
        }
    }

    /// <summary>Reading waits for what sending has just been found to lack, or for a frame that is under way.</summary>
    private static Transfer Held(int count, ChannelNext flushed) =>
        new(count, flushed == ChannelNext.Ready ? ChannelNext.Writable : flushed);

    private Transfer Outcome(int count, ChannelNext next)
    {
        if (Has(State.IsClosed))
        {
            return count > 0 ? new Transfer(count, ChannelNext.Ready) : Transfer.Ended;
        }
        bool isOver = next is ChannelNext.Ended or ChannelNext.Failed;
        return new Transfer(count, _kept.IsEmpty && !isOver ? next : ChannelNext.Ready);
    }

    private void QueueClose(int code)
    {
        _state |= State.IsClosed;
        Span<byte> payload = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        QueueControl(CloseFrame, code == 0 ? default : payload);
    }

    private void QueueControl(byte opcode, ReadOnlySpan<byte> payload)
    {
        _control.Append(Heap, [(byte)(Last | opcode), (byte)payload.Length]);
        _control.Append(Heap, payload);
    }

    private void BeginFrame(int size)
    {
        Span<byte> header = stackalloc byte[HeaderSizeMax];
        header[0] = Last | Binary;
        int length = 2;
        if (size <= WebSocketFrames.ControlSizeMax)
        {
            header[1] = (byte)size;
        }
        else if (size <= ushort.MaxValue)
        {
            header[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)size);
            length += sizeof(ushort);
        }
        else
        {
            header[1] = 127;
            BinaryPrimitives.WriteInt64BigEndian(header[2..], size);
            length += sizeof(long);
        }
        _header.Append(Heap, header[..length]);
        _frameLeft = size;
    }

    /// <summary>
    /// Sends what is left of the frame, from the piece in which <paramref name="done"/> bytes end; counts payload alone, of
    /// <paramref name="total"/> bytes that were offered.
    /// </summary>
    private Transfer SendFrame(ReadOnlySpan<IoVector> pieces, int done, out int total)
    {
        Span<IoVector> offered = stackalloc IoVector[PiecesMax];
        int headerSize = _header.Length;
        int count = 0;
        if (headerSize > 0)
        {
            offered[count++] = _header.Piece;
        }
        total = 0;
        int left = _frameLeft;
        foreach (IoVector piece in pieces)
        {
            int skipped = (int)Math.Min((ulong)done, piece.Size);
            done -= skipped;
            int size = Math.Min((int)piece.Size - skipped, left);
            if (size == 0)
            {
                continue;
            }
            if (count == PiecesMax)
            {
                break;
            }
            offered[count++] = new IoVector(piece.Address + (ulong)skipped, size);
            left -= size;
            total += size;
        }
        Transfer sent = _inner.Write(offered[..count], headerSize + total);
        int ofHeader = Math.Min(sent.Count, headerSize);
        if (ofHeader > 0)
        {
            _header.Consume(Heap, ofHeader);
        }
        int payload = sent.Count - ofHeader;
        _frameLeft -= payload;
        // A header that has not gone whole counts as something left, whatever the payload.
        return new Transfer(payload, sent.Count < headerSize + total ? sent.Next : ChannelNext.Ready);
    }

    /// <summary>Sends the protocol's own bytes, unless a frame is under way; returns what the rest waits for.</summary>
    private ChannelNext FlushControl()
    {
        if (Has(State.HasFailed))
        {
            return ChannelNext.Failed;
        }
        while (_frameLeft == 0 && !_control.IsEmpty)
        {
            IoVector piece = _control.Piece;
            int size = _control.Length;
            Transfer sent = _inner.Write(new ReadOnlySpan<IoVector>(in piece), size);
            if (sent.Next == ChannelNext.Failed)
            {
                _state |= State.HasFailed;
                return ChannelNext.Failed;
            }
            if (sent.Count > 0)
            {
                _control.Consume(Heap, sent.Count);
            }
            if (sent.Count < size && sent.Next != ChannelNext.Ready)
            {
                return sent.Next;
            }
        }
        return ChannelNext.Ready;
    }

    [Flags]
    private enum State : byte
    {
        /// <summary>A close was queued: nothing is read or written after it.</summary>
        IsClosed = 1,

        /// <summary>The channel below is dead.</summary>
        HasFailed = 2,
    }
}
