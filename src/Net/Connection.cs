using System.Diagnostics;
using System.Text;
using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>One peer: a socket that belongs to one loop, and to that loop's thread.</summary>
/// <remarks>
/// At rest it is this object alone: no buffer and no name, both of which come into being when wanted. Everything here is cheap
/// bookkeeping; bytes move in <see cref="Receiver"/> and <see cref="Sender"/>. Members may be called from the loop's thread only.
/// </remarks>
public sealed class Connection
{
    internal ConnectionFlags Flags;
    internal InputBuffer Input;
    internal OutputQueue Queue;
    internal RoundShare Share;
    internal HeldOutput? Held;
    private readonly SocketAddress _peer;
    private readonly string? _unixPath;
    private byte[]? _local;

    internal Connection(EventLoop loop, in AcceptedSocket socket, int slot)
    {
        Loop = loop;
        Descriptor = socket.Descriptor;
        _peer = socket.Peer;
        _unixPath = socket.UnixPath;
        Slot = slot;
    }

    /// <summary>Whatever the handler wants to keep with the connection.</summary>
    public object? State { get; set; }

    public EventLoop Loop { get; }

    public int Descriptor { get; }

    public OutputLimit OutputLimit { get; set; }

    internal int Slot { get; }

    public bool IsUnixSocket => _unixPath != null;

    /// <summary>True once the connection is to be closed, for whatever reason; nothing is received any more.</summary>
    public bool IsClosing => (Flags & (ConnectionFlags.IsClosing | ConnectionFlags.IsAborted | ConnectionFlags.IsClosed)) != 0;

    /// <summary>True if the peer connected from this machine: by 127.0.0.0/8, ::1 or a Unix socket.</summary>
    public bool IsLocal => IsUnixSocket || _peer.IsLoopback;

    /// <summary>"ip:port", "[v6]:port" or "path:0" of the peer; a new string each time.</summary>
    public string PeerAddress
    {
        get
        {
            Span<byte> text = stackalloc byte[SocketAddress.TextSizeMax];
            return Encoding.UTF8.GetString(text[..FormatPeerAddress(text)]);
        }
    }

    /// <summary>"ip:port", "[v6]:port" or "path:0" of this end; a new string each time. Any thread.</summary>
    public string LocalAddress => Encoding.UTF8.GetString(_local ??= ReadLocalAddress());

    /// <summary>Writes <see cref="PeerAddress"/>, in at most <see cref="SocketAddress.TextSizeMax"/> bytes; returns its length.</summary>
    public int FormatPeerAddress(Span<byte> text) => _unixPath != null ? FormatUnixPath(text) : _peer.Format(text);

    /// <summary>Writes <see cref="LocalAddress"/> in the same way. Any thread.</summary>
    /// <remarks>The kernel is asked once; two loops may do so at the same time, with the same result.</remarks>
    public int FormatLocalAddress(Span<byte> text)
    {
        byte[] address = _local ??= ReadLocalAddress();
        address.CopyTo(text);
        return address.Length;
    }

    /// <summary>Received bytes that the handler has not consumed.</summary>
    public long PendingInput => (IsSet(ConnectionFlags.IsInBatch) ? Share.Rest : Input.Length) + Input.LooseLength;

    /// <summary>
    /// Large arguments that belong among the bytes presented and lie in blocks of their own, in the order of their positions: counted from
    /// the first byte presented. The handler may give a block to somebody else; the others are freed when the bytes around them are
    /// consumed.
    /// </summary>
    public ReadOnlySpan<LooseBlock> LooseBlocks => Input.LooseBlocks;

    /// <summary>Bytes of output that wait for the peer.</summary>
    public long PendingOutput => Queue.Length + Share.OutputSize;

    /// <summary>Bytes of memory that input takes between rounds. Other threads may read it.</summary>
    public long InputMemory => Input.MemoryBytes;

    /// <summary>Bytes of memory that output takes between rounds. Other threads may read it.</summary>
    public long OutputMemory => Queue.MemoryBytes;

    /// <summary>Bytes that the socket has taken so far.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Bytes of the queue that may be sent now.</summary>
    internal long SendableSize => Held is { IsEmpty: false } held ? held.SendableEnd - Queue.ConsumedEnd : Queue.Length;

    internal bool IsGone => (Flags & (ConnectionFlags.IsAborted | ConnectionFlags.IsClosed)) != 0;

    /// <summary>Within Execute: <paramref name="byteCount"/> more of the bytes received are done with.</summary>
    /// <param name="byteCount">How many bytes, counted from where the last call ended.</param>
    /// <param name="again">The rest holds whole requests: it is presented again as soon as the output has drained.</param>
    public void Consume(int byteCount, bool again)
    {
        Debug.Assert(IsSet(ConnectionFlags.IsInBatch) && byteCount >= 0 && byteCount <= Share.Rest);
        Share.Consumed += byteCount;
        if (again) Flags |= ConnectionFlags.IsAgain;
    }

    /// <summary>
    /// A hint: the pending request needs this many bytes in all. Above 32 KiB they are received straight into one block of that size,
    /// which grows with the bytes that really come. Holds until bytes are presented again.
    /// </summary>
    public void Expect(int totalSize) => Input.Expected = totalSize;

    /// <summary>
    /// A hint: an argument of this length begins at this byte of those presented, and its end has not come. A large one is then received
    /// into a block of its own: see <see cref="LooseBlocks"/>. Holds until bytes are presented again.
    /// </summary>
    public void ExpectArgument(int start, int length)
    {
        Input.BulkStart = start;
        Input.BulkLength = length;
    }

    /// <summary>Bytes [start, Loop.Output.Length) are output of this connection, sent in this round.</summary>
    public void EndReplies(int start) => Take(Loop.Output, start, Loop.Output.Length);

    /// <summary>
    /// Within Execute: one reply of this connection is whole. True if something was delivered to it meanwhile: that follows now, behind
    /// the replies from <paramref name="start"/> on, which are marked by this.
    /// </summary>
    public bool EndReply(int start)
    {
        if (!Loop.Deliveries.HasAfterReply) return false;
        EndReplies(start);
        Loop.Deliveries.PlaceAfterReply(this);
        return true;
    }

    /// <summary>
    /// Within Execute: more of the replies of this connection, so many that they are not left in the loop's output. False if the
    /// connection is gone, as it is when this exceeds its limit.
    /// </summary>
    public bool WriteReply(ReadOnlySpan<byte> bytes)
    {
        if (IsGone) return false;
        QueueRange();
        Queue.Append(Loop.Heap, bytes);
        return NoteReply();
    }

    /// <summary>As <see cref="WriteReply"/>, for bytes in a block that is pinned: it is unpinned when they are sent.</summary>
    public bool WritePinnedReply(ulong block, ReadOnlySpan<byte> bytes)
    {
        if (IsGone)
        {
            Loop.Pinned!.UnpinLater(block);
            return false;
        }
        QueueRange();
        Queue.AppendPinned(Loop.Heap, block, bytes);
        return NoteReply();
    }

    /// <summary>Within Execute: keeps a place for bytes that are known before Execute ends; 0 if the connection is gone.</summary>
    public ulong WriteReplyPlace()
    {
        if (IsGone) return 0;
        QueueRange();
        MarkDirty();
        return Queue.AppendPlace(Loop.Heap);
    }

    public void FillReplyPlace(ulong place, ReadOnlySpan<byte> bytes)
    {
        if (!IsGone) Queue.Fill(place, bytes);
    }

    /// <summary>Queues bytes for this connection behind all earlier ones; they are sent at the end of the round.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (IsClosing || bytes.IsEmpty) return;
        QueueRange();
        Queue.Append(Loop.Heap, bytes);
        MarkDirty();
        Loop.EnforceLimit(this);
    }

    /// <summary>
    /// Writes bytes that are no reply of the round, by whoever has the execution lock, on whichever loop. They come behind everything that
    /// was executed before, and before everything that is executed later; behind the reply that is being made, if it is this connection's.
    /// </summary>
    /// <param name="bytes">Copied.</param>
    /// <param name="shared">0, or the number of a message that several connections get one after the other: it is copied once.</param>
    public void Deliver(ReadOnlySpan<byte> bytes, long shared = 0) => Loop.Deliveries.Deliver(this, bytes, shared);

    /// <summary>As <see cref="Deliver(ReadOnlySpan{byte}, long)"/>, for what is done to the connection besides writing.</summary>
    public void Deliver(ConnectionOrder order) => Loop.Deliveries.Deliver(this, order);

    /// <summary>Receives no more, and closes when all output is sent. Input not yet consumed is dropped.</summary>
    public void CloseAfterFlush()
    {
        if (IsClosing) return;
        Flags |= ConnectionFlags.IsClosing;
        MarkDirty();
    }

    /// <summary>Closes at the end of the round and drops what has not been sent.</summary>
    public void Abort()
    {
        if (IsGone) return;
        Flags |= ConnectionFlags.IsAborted;
        CloseLater();
    }

    /// <summary>Presents no more input until <see cref="ResumeReading"/>; a peer that ends its side meanwhile is closed.</summary>
    public void PauseReading()
    {
        Flags |= ConnectionFlags.IsPaused;
        RevisitIfWanted();
    }

    /// <summary>Presents input again, first what was left unconsumed.</summary>
    public void ResumeReading()
    {
        if (!IsSet(ConnectionFlags.IsPaused)) return;
        Flags &= ~ConnectionFlags.IsPaused;
        if (PendingInput > 0) Flags |= ConnectionFlags.IsAgain;
        RevisitIfWanted();
    }

    internal bool IsSet(ConnectionFlags flag) => (Flags & flag) != 0;

    /// <summary>The next round visits this connection if it has something to do that no event will announce.</summary>
    internal void RevisitIfWanted()
    {
        // Within a batch the share is not settled yet; settling asks again.
        if ((Flags & (ConnectionFlags.IsQueued | ConnectionFlags.IsInBatch)) != 0 || IsGone || !WantsVisit()) return;
        Flags |= ConnectionFlags.IsQueued;
        Loop.Work.ToVisit.Add(this);
    }

    internal void MarkDirty()
    {
        if (IsSet(ConnectionFlags.IsDirty)) return;
        Flags |= ConnectionFlags.IsDirty;
        Loop.Work.Dirty.Add(this);
    }

    internal void CloseLater()
    {
        if (IsSet(ConnectionFlags.IsClosePending)) return;
        Flags |= ConnectionFlags.IsClosePending;
        Loop.Work.Doomed.Add(this);
    }

    /// <summary>Carries out what was asked for elsewhere. The loop's thread only.</summary>
    internal void Obey(ConnectionOrder order)
    {
        switch (order)
        {
            case ConnectionOrder.CloseAfterFlush:
                CloseAfterFlush();
                break;
            case ConnectionOrder.Abort:
                Abort();
                break;
            case ConnectionOrder.ResumeReading:
                ResumeReading();
                break;
            default:
                Debug.Fail("bytes come with a message");
                break;
        }
    }

    /// <summary>A message of the loop's is the next output of this connection.</summary>
    internal void Take(in MessagePlace message)
    {
        if (IsClosing) return;
        Take(message.Source, message.Start, message.End);
        if (message.IsExcused) Share.ExcusedSize += message.Length;
        if (OutputLimit.HardBytes > 0 && PendingOutput > OutputLimit.HardBytes) Loop.EnforceLimit(this);
    }

    /// <summary>Copies the range of this round's output into the queue, so that bytes from elsewhere can follow it.</summary>
    internal void QueueRange()
    {
        int size = Share.OutputSize;
        long before = Queue.MemoryBytes;
        if (size > 0) Queue.Append(Loop.Heap, Share.Output);
        if (Share.ExcusedSize > 0 && size > 0)
        {
            SetExcused(Queue.ExcusedBytes + ((Queue.MemoryBytes - before) * Math.Min(Share.ExcusedSize, size) / size));
        }
        Share.DropOutput();
    }

    /// <summary>After output has gone: no more is excused than is there.</summary>
    internal void LimitExcused()
    {
        if (Queue.ExcusedBytes > Queue.MemoryBytes) SetExcused(Queue.MemoryBytes);
    }

    private void SetExcused(long bytes)
    {
        Loop.ExcusedBytes += bytes - Queue.ExcusedBytes;
        Queue.ExcusedBytes = bytes;
    }

    private bool NoteReply()
    {
        MarkDirty();
        Loop.EnforceLimit(this);
        return !IsGone;
    }

    private void Take(NativeBuffer source, int start, int end)
    {
        Debug.Assert(start >= 0 && start <= end);
        if (start == end || IsGone) return;
        if (Share.OutputSize > 0)
        {
            if (Share.OutputEnd == start && Share.Source == source)
            {
                Share.OutputEnd = end;
                return;
            }
            QueueRange();
        }
        Share.Source = source;
        Share.OutputStart = start;
        Share.OutputEnd = end;
        MarkDirty();
    }

    private byte[] ReadLocalAddress()
    {
        Span<byte> text = stackalloc byte[SocketAddress.TextSizeMax];
        if (_unixPath != null) return text[..FormatUnixPath(text)].ToArray();
        SocketAddress local = default;
        if (!IsSet(ConnectionFlags.IsClosed)) _ = Sockets.getsockname(Descriptor, out local);
        return text[..local.Format(text)].ToArray();
    }

    private int FormatUnixPath(Span<byte> text)
    {
        int length = Encoding.UTF8.GetBytes(_unixPath, text);
        ":0"u8.CopyTo(text[length..]);
        return length + 2;
    }

    private bool WantsVisit()
    {
        if (!Queue.IsEmpty && !IsSet(ConnectionFlags.IsSocketFull) && SendableSize > 0) return true;
        if (IsSet(ConnectionFlags.IsClosing)) return false;
        if (IsSet(ConnectionFlags.IsPaused)) return IsSet(ConnectionFlags.HasPeerEnded);
        if (IsSet(ConnectionFlags.IsAgain)) return Queue.IsEmpty;
        return (Flags & (ConnectionFlags.MayHaveInput | ConnectionFlags.IsBackpressured)) == ConnectionFlags.MayHaveInput;
    }
}
