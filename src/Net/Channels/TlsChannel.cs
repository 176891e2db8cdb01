using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.Net.Channels;

/// <summary>TLS over another channel, which it owns. docs/TLS.md draws how the bytes flow.</summary>
/// <remarks>
/// Two things are kept from one call to the next, both nearly always empty, in blocks of the connections' heap:
/// <code>
///   kept     received, not yet decrypted: there was no room for plain bytes     | admitted | not counted yet |
///   unsent   encrypted, not yet taken by the socket                             | of the protocol, and of "ahead" plain bytes |
/// </code>
/// Plain bytes count as written when all of unsent has gone; until then they are offered again, and left out.
/// </remarks>
internal sealed class TlsChannel(ByteChannel inner, ITlsParty party) : ByteChannel
{
    internal const int RecordSizeMax = TlsSession.RecordSizeMax;
    internal const int RecordOverheadMax = TlsSession.RecordOverheadMax;

    /// <summary>So many records are decrypted in one visit: each may cost as much as a change of keys does.</summary>
    private const int RecordsPerReadMax = 64;

    /// <summary>With more unsent bytes than this nothing is read that may make more of them.</summary>
    private const int UnsentSizeMax = 2 * ChannelWorkspace.OutputSize;

    private readonly ByteChannel _inner = inner;
    private readonly ITlsParty _party = party;
    private ChannelWorkspace? _workspace;
    private TlsSession? _session;
    private KeptBytes _kept;
    private KeptBytes _unsent;
    private RecordFrames _frames;
    private int _admitted;
    private int _ahead;
    private IdleRecords _idleRecords;
    private State _state;

    /// <summary>Kept by the loop's <see cref="WarmSessions"/>.</summary>
    internal WarmMark Warmth { get; set; }

    public override int Descriptor => _inner.Descriptor;

    public override int Number => _inner.Number;

    public override bool HidesEnd => _inner.HidesEnd;

    public override bool IsLocal => _inner.IsLocal;

    public override bool IsUnixSocket => _inner.IsUnixSocket;

    public override bool IsEncrypted => true;

    public override PeerCredentials? PeerCredentials => _inner.PeerCredentials;

    public override bool NeedsHandshake => (_state & State.IsAgreed) == 0;

    public override bool HasBegunHandshake => _session is not null;

    public override string HandshakeFailure => _session?.Failure ?? "";

    public override PeerCertificate? PeerCertificate => NeedsHandshake ? null : _session?.PeerCertificate();

    private Heap Heap => _workspace!.Heap;

    /// <summary>Something that waits to be sent keeps the peer from being read: it is the protocol's, or too much.</summary>
    private bool IsReadHeld => !_unsent.IsEmpty && (_ahead == 0 || _unsent.Length > UnsentSizeMax);

    public override int FormatPeerAddress(Span<byte> text) => _inner.FormatPeerAddress(text);

    public override int FormatLocalAddress(Span<byte> text) => _inner.FormatLocalAddress(text);

    public override void Attach(IChannelUser user) => _inner.Attach(user);

    public override ChannelNext WatchEnd() => _inner.WatchEnd();

    public override void BundlePackets() => _inner.BundlePackets();

    public override ChannelNext Handshake(ChannelWorkspace workspace)
    {
        _workspace = workspace;
        ChannelNext next = Flush();
        if (!_unsent.IsEmpty)
        {
            return next;
        }
        if (_session is null && _party.SpeaksFirst)
        {
            return Agree(default, ChannelNext.Readable);
        }
        Transfer received = _inner.Read(workspace.Input);
        if (received.Count > 0)
        {
            return Agree(workspace.Input[..received.Count], received.Next);
        }
        return received.Next == ChannelNext.Ended ? ChannelNext.Failed : received.Next;
    }

    public override void HandshakeEnded(HandshakeOutcome outcome) => _party.Note(outcome, _session, this);

    public override Transfer Read(Span<byte> room)
    {
        if ((_state & State.HasFailed) != 0)
        {
            return Transfer.Failed;
        }
        ChannelNext next = ChannelNext.Ready;
        if (IsReadHeld)
        {
            next = Flush();
            if (!_unsent.IsEmpty)
            {
                return new Transfer(0, next);
            }
        }
        int count = 0;
        _workspace!.Warm.NoteUse(this);
        TlsBytes bytes = new(default, _workspace!.Output);
        TlsProgress progress = TlsProgress.WantsInput;
        if ((_state & State.HoldsBytes) != 0)
        {
            progress = Decrypt(ref bytes, room, ref count);
        }
        if (progress == TlsProgress.WantsInput)
        {
            progress = _kept.IsEmpty ? Receive(ref bytes, room, ref count, ref next) : ReadKept(ref bytes, room, ref count);
        }
        if (!Send(ref bytes))
        {
            progress = TlsProgress.Failed;
        }
        return Outcome(progress, count, next);
    }

    public override Transfer Write(ReadOnlySpan<IoVector> pieces, int size)
    {
        ChannelNext next = Flush();
        if (next == ChannelNext.Failed)
        {
            return Transfer.Failed;
        }
        if (!_unsent.IsEmpty)
        {
            return new Transfer(0, next);
        }
        _workspace!.Warm.NoteUse(this);
        int done = Math.Min(_ahead, size);
        _ahead -= done;
        PieceCursor cursor = new(pieces);
        cursor.Skip(done);
        while (done < size)
        {
            TlsBytes bytes = new(default, _workspace!.Output);
            int taken = Encrypt(ref cursor, ref bytes);
            if (taken < 0 || !Send(ref bytes, ref next))
            {
                return Transfer.Failed;
            }
            if (!_unsent.IsEmpty)
            {
                _ahead = taken;
                return new Transfer(done, next);
            }
            done += taken;
        }
        return new Transfer(done, ChannelNext.Ready);
    }

    public override void EndWriting()
    {
        if (!NeedsHandshake && (_state & State.HasFailed) == 0 && Flush() == ChannelNext.Ready && _unsent.IsEmpty)
        {
            TlsBytes bytes = new(default, _workspace!.Output);
            _session!.EndWriting(ref bytes);
            _ = Send(ref bytes);
        }
        _inner.EndWriting();
    }

    public override void Close()
    {
        if (_session is not null && !NeedsHandshake)
        {
            _party.Ended(_session);
        }
        _session?.Dispose();
        _session = null;
        if (_workspace is not null)
        {
            _workspace.Warm.Remove(this);
            _kept.Drop(Heap);
            _unsent.Drop(Heap);
        }
        _inner.Close();
    }

    /// <summary>
    /// Gives back OpenSSL's buffers of records. Some of its releases go wrong where a record has come in part, so then nothing is done.
    /// </summary>
    internal void ReleaseBuffers()
    {
        if (_kept.IsEmpty && _frames.IsBetweenRecords && !_session!.HoldsBytes)
        {
            _session.ReleaseBuffers();
        }
    }

    private ChannelNext Agree(ReadOnlySpan<byte> input, ChannelNext next)
    {
        if ((_session ??= _party.Begin()) is null)
        {
            return ChannelNext.Failed;
        }
        _workspace!.Warm.NoteUse(this);
        _ = _frames.Take(input, int.MaxValue, out _);
        TlsBytes bytes = new(input, _workspace!.Output);
        TlsProgress progress;
        do
        {
            progress = _session!.Handshake(ref bytes);
            if (!Send(ref bytes, ref next))
            {
                return ChannelNext.Failed;
            }
        }
        while (progress == TlsProgress.WantsRoom);
        if (progress == TlsProgress.Done)
        {
            // What came with the last message of the handshake lies here, or within OpenSSL.
            _kept.Append(Heap, bytes.Input);
            _admitted = _kept.Length;
            _state |= State.IsAgreed | State.HoldsBytes;
            return ChannelNext.Ready;
        }
        if (progress != TlsProgress.WantsInput)
        {
            return ChannelNext.Failed;
        }
        return _unsent.IsEmpty ? next : ChannelNext.Writable;
    }

    /// <summary>Receives once, and decrypts; what there is no room for, or too much of, is kept.</summary>
    private TlsProgress Receive(ref TlsBytes bytes, Span<byte> room, ref int count, ref ChannelNext next)
    {
        Transfer received = _inner.Read(_workspace!.Input);
        next = received.Next;
        if (received.Count == 0)
        {
            return TlsProgress.WantsInput;
        }
        ReadOnlySpan<byte> input = _workspace.Input[..received.Count];
        TlsProgress progress = DecryptNext(input, ref bytes, room, ref count, out int taken);
        _kept.Append(Heap, input[taken..]);
        return progress;
    }

    private TlsProgress ReadKept(ref TlsBytes bytes, Span<byte> room, ref int count)
    {
        TlsProgress progress = DecryptNext(_kept.Bytes, ref bytes, room, ref count, out int taken);
        _kept.Consume(Heap, taken);
        return progress;
    }

    /// <summary>Decrypts a bounded number of records from the front of the bytes.</summary>
    private TlsProgress DecryptNext(ReadOnlySpan<byte> input, ref TlsBytes bytes, Span<byte> room, ref int count, out int taken)
    {
        if (_admitted < input.Length)
        {
            _admitted += _frames.Take(input[_admitted..], RecordsPerReadMax, out int records);
            _idleRecords.NoteRecords(records);
        }
        bytes.Input = input[.._admitted];
        TlsProgress progress = Decrypt(ref bytes, room, ref count);
        taken = _admitted - bytes.Input.Length;
        _admitted = bytes.Input.Length;
        return progress;
    }

    /// <summary>Decrypts until the room is full, or OpenSSL has nothing left.</summary>
    private TlsProgress Decrypt(ref TlsBytes bytes, Span<byte> room, ref int count)
    {
        while (count < room.Length)
        {
            TlsProgress progress = _session!.Read(ref bytes, room[count..], out int moved);
            count += moved;
            if (progress == TlsProgress.Done)
            {
                _idleRecords.NoteData();
                if (bytes.Input.IsEmpty && !_session.HoldsBytes)
                {
                    return TlsProgress.WantsInput;
                }
            }
            else if (progress != TlsProgress.WantsRoom)
            {
                return progress;
            }
            else if (!Send(ref bytes))
            {
                return TlsProgress.Failed;
            }
            else if (!_unsent.IsEmpty)
            {
                return TlsProgress.WantsRoom;
            }
        }
        return TlsProgress.Done;
    }

    private Transfer Outcome(TlsProgress progress, int count, ChannelNext next)
    {
        _state = progress == TlsProgress.WantsInput ? _state & ~State.HoldsBytes : _state | State.HoldsBytes;
        if (progress == TlsProgress.Failed || (_idleRecords.AreTooMany && count == 0))
        {
            _state |= State.HasFailed;
            return count > 0 ? new Transfer(count, ChannelNext.Ready) : Transfer.Failed;
        }
        if (progress == TlsProgress.Ended)
        {
            return count > 0 ? new Transfer(count, ChannelNext.Ready) : Transfer.Ended;
        }
        if (IsReadHeld)
        {
            return new Transfer(count, ChannelNext.Writable);
        }
        bool isDry = progress == TlsProgress.WantsInput && _kept.IsEmpty;
        bool isOver = next is ChannelNext.Ended or ChannelNext.Failed;
        return new Transfer(count, isDry && !(isOver && count > 0) ? next : ChannelNext.Ready);
    }

    /// <summary>Encrypts as much as is sent at once; returns how many plain bytes that is, or -1.</summary>
    private int Encrypt(ref PieceCursor cursor, ref TlsBytes bytes)
    {
        int taken = 0;
        while (bytes.Room.Length >= RecordSizeMax + RecordOverheadMax)
        {
            ReadOnlySpan<byte> plain = cursor.Next(_workspace!.Record);
            if (plain.IsEmpty)
            {
                break;
            }
            if (_session!.Write(ref bytes, plain) != TlsProgress.Done)
            {
                return -1;
            }
            taken += plain.Length;
        }
        return taken;
    }

    /// <summary>Sends what was kept for that, as far as it goes; returns what the rest waits for.</summary>
    private ChannelNext Flush()
    {
        if (_unsent.IsEmpty)
        {
            return ChannelNext.Ready;
        }
        IoVector piece = _unsent.Piece;
        Transfer sent = _inner.Write(new ReadOnlySpan<IoVector>(in piece), _unsent.Length);
        if (sent.Count > 0)
        {
            _unsent.Consume(Heap, sent.Count);
        }
        return sent.Next;
    }

    private bool Send(ref TlsBytes bytes)
    {
        ChannelNext next = ChannelNext.Ready;
        return Send(ref bytes, ref next);
    }

    /// <summary>Sends what was written for the peer, and keeps what the socket does not take; false if the channel is dead.</summary>
    private bool Send(ref TlsBytes bytes, ref ChannelNext next)
    {
        if (bytes.Written == 0)
        {
            return true;
        }
        int sent = 0;
        if (_unsent.IsEmpty)
        {
            IoVector piece = new(_workspace!.OutputAddress, bytes.Written);
            Transfer transfer = _inner.Write(new ReadOnlySpan<IoVector>(in piece), bytes.Written);
            if (transfer.Next == ChannelNext.Failed)
            {
                return false;
            }
            sent = transfer.Count;
            next = sent < bytes.Written ? transfer.Next : next;
        }
        Span<byte> output = _workspace!.Output;
        _unsent.Append(Heap, output[sent..bytes.Written]);
        bytes.Restart(output);
        return true;
    }

    [Flags]
    private enum State : byte
    {
        /// <summary>The handshake is done.</summary>
        IsAgreed = 1,

        /// <summary>OpenSSL may have plain bytes, or what becomes such, without being given more.</summary>
        HoldsBytes = 2,

        /// <summary>Nothing more can be read.</summary>
        HasFailed = 4,
    }
}
