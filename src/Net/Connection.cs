using System.Diagnostics;
using System.Text;
using Bixbite.Memory;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.Net;

/// <summary>One peer: a channel that belongs to one loop, and to that loop's thread.</summary>
/// <remarks>At rest it is this object and its channel: no buffer, which comes into being when wanted. Everything here is cheap
/// bookkeeping; bytes move in <see cref="Receiver"/> and <see cref="Sender"/>. Members may be called from the loop's thread only.</remarks>
public sealed class Connection : IChannelUser
{
    internal ConnectionFlags Flags;
    internal InputBuffer Input;
    internal OutputQueue Queue;
    internal RoundShare Share;
    internal HeldOutput? Held;
    internal ServiceTimes? Times;

    /// <summary>The loop's turn in which something was delivered to it last.</summary>
    internal int DeliveredTurn;

    private int _isSourceNoted;

    internal Connection(EventLoop loop, ByteChannel channel, IConnectionHandler handler, int slot)
    {
        Loop = loop;
        Channel = channel;
        Handler = handler;
        Slot = slot;
        Flags = ConnectionFlags.ReadAwaitsInput;
    }

    /// <summary>Whatever the handler wants to keep with the connection.</summary>
    public object? State { get; set; }

    public EventLoop Loop { get; }

    /// <summary>The number by which the kernel knows the connection, or -1 for a pipe within the process.</summary>
    public int Descriptor => Channel.Number;

    public OutputLimit OutputLimit { get; set; }

    /// <summary>
    /// The lines that its output waits for, a bit each; all of them at first. It holds for what is written and delivered in this turn and
    /// later; whoever has the execution lock sets it.
    /// </summary>
    public int Lines { get; set; } = -1;

    /// <summary>Who makes something of the bytes.</summary>
    public IConnectionHandler Handler { get; internal set; }

    /// <summary>
    /// Where more output comes from: it is sent from where it lies, after everything that was written here. It counts for the limit, and is
    /// held by no line. Whoever adds to it calls <see cref="NoteSource"/>.
    /// </summary>
    public IByteSource? Source { get; set; }

    /// <summary>Much comes at a time, and the handler takes it at once: it is received in larger pieces, and others wait longer.</summary>
    public void ReceiveBulk(bool isBulk) => Flags = isBulk ? Flags | ConnectionFlags.IsBulk : Flags & ~ConnectionFlags.IsBulk;

    internal ByteChannel Channel { get; set; }
    internal int Slot { get; }

    public bool IsUnixSocket => Channel.IsUnixSocket;
    public bool IsEncrypted => Channel.IsEncrypted;

    /// <summary>The process at the other end of a Unix socket; null where nobody knows it. Any thread.</summary>
    public PeerCredentials? PeerCredentials => Channel.PeerCredentials;

    /// <summary>True once the connection is to be closed, for whatever reason; nothing is received any more.</summary>
    public bool IsClosing => (Flags & (ConnectionFlags.IsClosing | ConnectionFlags.IsAborted | ConnectionFlags.IsClosed)) != 0;

    /// <summary>True if the peer is on this machine: 127.0.0.0/8, ::1, a Unix socket, or a pipe within the process.</summary>
    public bool IsLocal => Channel.IsLocal;

    /// <summary>The peer is the owner of this side, who need not say who it is.</summary>
    public bool IsTrusted => Channel.IsTrusted;

    /// <summary>The certificate by which the peer has said who it is, if it has.</summary>
    public PeerCertificate? PeerCertificate => Channel.PeerCertificate;

    /// <summary>"ip:port", "[v6]:port", "path:0" or "pipe:number" of the peer; a new string each time.</summary>
    public string PeerAddress
    {
        get
        {
            Span<byte> text = stackalloc byte[SocketAddress.TextSizeMax];
            return Encoding.UTF8.GetString(text[..FormatPeerAddress(text)]);
        }
    }

    /// <summary>"ip:port", "[v6]:port", "path:0" or "pipe:0" of this end; a new string each time. Any thread.</summary>
    public string LocalAddress
    {
        get
        {
            Span<byte> text = stackalloc byte[SocketAddress.TextSizeMax];
            return Encoding.UTF8.GetString(text[..FormatLocalAddress(text)]);
        }
    }

    /// <summary>Writes <see cref="PeerAddress"/>, in at most <see cref="SocketAddress.TextSizeMax"/> bytes; returns its length.</summary>
    public int FormatPeerAddress(Span<byte> text) => Channel.FormatPeerAddress(text);

    /// <summary>Writes <see cref="LocalAddress"/> in the same way. Any thread.</summary>
    public int FormatLocalAddress(Span<byte> text) => Channel.FormatLocalAddress(text);

    /// <summary>Received bytes that the handler has not consumed.</summary>
    public long PendingInput => (IsSet(ConnectionFlags.IsInBatch) ? Share.Rest : Input.Length) + Input.LooseLength;

    /// <summary>
    /// Large arguments that belong among the bytes presented and lie in blocks of their own, by their positions from the first byte
    /// presented. The handler may give a block to somebody else; the others are freed when the bytes around them are consumed.
    /// </summary>
    public ReadOnlySpan<LooseBlock> LooseBlocks => Input.LooseBlocks;

    /// <summary>Bytes of output that wait for the peer.</summary>
    public long PendingOutput => Queue.Length + Share.OutputSize + (Source?.PendingCount ?? 0);

    /// <summary>Bytes of memory that input takes between rounds. Other threads may read it.</summary>
    public long InputMemory => Input.MemoryBytes;

    /// <summary>Bytes of memory that output takes between rounds. Other threads may read it.</summary>
    public long OutputMemory => Queue.MemoryBytes;

    /// <summary>Bytes that the socket has taken so far.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Bytes of the queue that may be sent now.</summary>
    internal long SendableSize => Held is { IsEmpty: false } held ? held.SendableEnd - Queue.ConsumedEnd : Queue.Length;

    /// <summary>The position behind what was queued, and what is to be.</summary>
    private long WrittenEnd => Queue.AppendedEnd + Share.OutputSize;

    internal bool IsGone => (Flags & (ConnectionFlags.IsAborted | ConnectionFlags.IsClosed)) != 0;

    /// <summary>The source has bytes that may be sent now: behind the queue, or in the midst of what was offered before.</summary>
    internal bool HasSourceOutput =>
        Source is { ReadableCount: > 0 } && (Queue.IsEmpty || IsSet(ConnectionFlags.IsSourceCut)) && !IsClosing;

    /// <summary>Within Execute: <paramref name="byteCount"/> more of the bytes received are done with.</summary>
    /// <param name="byteCount">How many bytes, counted from where the last call ended.</param>
    /// <param name="again">The rest holds whole requests: it is presented again as soon as the output has drained.</param>
    public void Consume(int byteCount, bool again)
    {
        Debug.Assert(IsSet(ConnectionFlags.IsInBatch) && byteCount >= 0 && byteCount <= Share.Rest);
        Share.Consumed += byteCount;
        if (again)
        {
            Flags |= ConnectionFlags.IsAgain;
        }
    }

    /// <summary>
    /// A hint: the pending request needs this many bytes in all. Above 32 KiB they come straight into one block, which grows with them to
    /// that size. Holds until bytes are presented again.
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
        if (!Loop.Deliveries.HasAfterReply)
        {
            return false;
        }
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
        if (IsGone)
        {
            return false;
        }
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
        if (IsGone)
        {
            return 0;
        }
        QueueRange();
        MarkDirty();
        return Queue.AppendPlace(Loop.Heap);
    }

    public void FillReplyPlace(ulong place, ReadOnlySpan<byte> bytes)
    {
        if (!IsGone)
        {
            Queue.Fill(place, bytes);
        }
    }

    /// <summary>
    /// With the lock: the output written since the last round, and all that follows it, is sent when the line has reached the position
    /// (<see cref="EventLoop.Release"/>). Nothing happens where the line is none of <see cref="Lines"/>.
    /// </summary>
    public void Hold(int line, long position)
    {
        if ((Lines & (1 << line)) != 0 && !IsGone)
        {
            Loop.Hold(this, line, position);
        }
    }

    /// <summary>
    /// With the lock: from now on what waits for one of these lines, a bit each, does so for so many microseconds only, and then goes; 0
    /// is as long as it takes. The given reply then comes in the place of each that was noted (<see cref="NoteHeldReply"/>).
    /// </summary>
    public void LimitHolding(int lines, long limitUs, byte[] lateReply) =>
        (Held ??= new HeldOutput()).Limit = new HoldLimit(lines, limitUs, lateReply);

    /// <summary>
    /// Within Execute: the last bytes of output are a reply that is replaced if it comes too late. From <paramref name="start"/> on what
    /// lies in the loop's output is this connection's, and not marked yet.
    /// </summary>
    public void NoteHeldReply(int start, long size)
    {
        long end = WrittenEnd + Loop.Output.Length - start;
        Held?.NoteReply(end - size, end);
    }

    /// <summary>Queues bytes for this connection behind all earlier ones; they are sent at the end of the round.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (IsClosing || bytes.IsEmpty)
        {
            return;
        }
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
    /// <param name="isReply">It is a reply that is replaced if it comes too late.</param>
    public void Deliver(ReadOnlySpan<byte> bytes, long shared = 0, bool isReply = false) =>
        Loop.Deliveries.Deliver(this, bytes, new MessageTraits(shared, Loop.Lock.IsExcusing, isReply));

    /// <summary>As <see cref="Deliver(ReadOnlySpan{byte}, long, bool)"/>, for what is done to the connection besides writing.</summary>
    public void Deliver(ConnectionOrder order) => Loop.Deliveries.Deliver(this, order);

    /// <summary>There may be more in the source: it is sent at the end of the loop's round. Any thread.</summary>
    public void NoteSource()
    {
        if (Loop.IsCurrent)
        {
            MarkDirtyUnlessGone();
        }
        else if (Interlocked.Exchange(ref _isSourceNoted, 1) == 0)
        {
            Loop.Post(SendFromSource);
        }
    }

    /// <summary>Has little output wait for more, where the peer is reached over TCP. Any thread.</summary>
    public void BundlePackets() => Channel.BundlePackets();

    /// <summary>Receives no more, and closes when all output is sent, or nobody reads it. Input not yet consumed is dropped.</summary>
    public void CloseAfterFlush()
    {
        if (IsSet(ConnectionFlags.IsSevered))
        {
            Abort();
        }
        if (IsClosing)
        {
            return;
        }
        Flags |= ConnectionFlags.IsClosing;
        MarkDirty();
    }

    /// <summary>Closes at the end of the round and drops what has not been sent.</summary>
    public void Abort()
    {
        if (IsGone)
        {
            return;
        }
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
        if (!IsSet(ConnectionFlags.IsPaused))
        {
            return;
        }
        Flags &= Channel.HidesEnd ? ~(ConnectionFlags.IsPaused | ConnectionFlags.ReadAwaitsInput) : ~ConnectionFlags.IsPaused;
        if (PendingInput > 0)
        {
            Flags |= ConnectionFlags.IsAgain;
        }
        RevisitIfWanted();
    }

    void IChannelUser.Note(ChannelEvents events) => Note(events);

    bool IChannelUser.Post(Action action, bool mayRun) => mayRun ? Loop.RunOrPost(action) : Loop.Post(action);

    internal void Note(ChannelEvents events)
    {
        ConnectionFlags flags = Flags;
        if ((events & ChannelEvents.Readable) != 0)
        {
            flags &= ~(ConnectionFlags.ReadAwaitsInput | ConnectionFlags.WriteAwaitsInput);
        }
        if ((events & ChannelEvents.Writable) != 0)
        {
            flags &= ~(ConnectionFlags.ReadAwaitsRoom | ConnectionFlags.WriteAwaitsRoom);
        }
        if ((events & ChannelEvents.PeerEnded) != 0)
        {
            flags |= ConnectionFlags.HasPeerEnded;
        }
        if ((events & ChannelEvents.Severed) != 0)
        {
            flags |= ConnectionFlags.IsSevered;
        }
        Flags = flags;
        if (IsSet(ConnectionFlags.IsSevered) && IsSet(ConnectionFlags.IsClosing))
        {
            Abort();
        }
        RevisitIfWanted();
    }

    /// <summary>Remembers what the next read waits for; a write that waited for the same bytes may be tried again.</summary>
    internal void NoteRead(ChannelNext next)
    {
        ConnectionFlags flags = Flags & ~(ConnectionFlags.ReadAwaits | ConnectionFlags.WriteAwaitsInput);
        if (next == ChannelNext.Readable)
        {
            flags |= ConnectionFlags.ReadAwaitsInput;
        }
        else if (next == ChannelNext.Writable)
        {
            flags |= ConnectionFlags.ReadAwaitsRoom;
        }
        Flags = flags;
    }

    /// <summary>Remembers what the next write waits for; a read that waited for room may be tried again.</summary>
    internal void NoteWritten(ChannelNext next)
    {
        ConnectionFlags flags = Flags & ~(ConnectionFlags.WriteAwaits | ConnectionFlags.ReadAwaitsRoom);
        if (next == ChannelNext.Readable)
        {
            flags |= ConnectionFlags.WriteAwaitsInput;
        }
        else if (next == ChannelNext.Writable)
        {
            flags |= ConnectionFlags.WriteAwaitsRoom;
        }
        Flags = flags;
    }

    /// <summary>As <see cref="Hold(int, long)"/>, for several lines; 0 is no position.</summary>
    internal void Hold(ReadOnlySpan<long> positions)
    {
        for (int line = 0; line < positions.Length; line++)
        {
            if (positions[line] > 0)
            {
                Hold(line, positions[line]);
            }
        }
    }

    internal bool IsSet(ConnectionFlags flag) => (Flags & flag) != 0;

    /// <summary>The next round visits this connection if it has something to do that no event will announce.</summary>
    internal void RevisitIfWanted()
    {
        // Within a batch the share is not settled yet; settling asks again.
        if ((Flags & (ConnectionFlags.IsQueued | ConnectionFlags.IsInBatch)) != 0 || IsGone || !WantsVisit())
        {
            return;
        }
        Flags |= ConnectionFlags.IsQueued;
        Loop.Work.ToVisit.Add(this);
    }

    internal void MarkDirty()
    {
        if (IsSet(ConnectionFlags.IsDirty))
        {
            return;
        }
        Flags |= ConnectionFlags.IsDirty;
        Loop.Work.Dirty.Add(this);
    }

    internal void CloseLater()
    {
        if (IsSet(ConnectionFlags.IsClosePending))
        {
            return;
        }
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
        if (IsClosing)
        {
            return;
        }
        if (message.Traits.IsReply)
        {
            Held?.NoteReply(WrittenEnd, WrittenEnd + message.Length);
        }
        Take(message.Source, message.Start, message.End);
        if (message.Traits.IsExcused)
        {
            Share.ExcusedSize += message.Length;
        }
        if (OutputLimit.HardBytes > 0 && PendingOutput > OutputLimit.HardBytes)
        {
            Loop.EnforceLimit(this);
        }
    }

    /// <summary>Copies the range of this round's output into the queue, so that bytes from elsewhere can follow it.</summary>
    internal void QueueRange()
    {
        int size = Share.OutputSize;
        long before = Queue.MemoryBytes;
        if (size > 0)
        {
            Queue.Append(Loop.Heap, Share.Output);
        }
        if (Share.ExcusedSize > 0 && size > 0)
        {
            SetExcused(Queue.ExcusedBytes + ((Queue.MemoryBytes - before) * Math.Min(Share.ExcusedSize, size) / size));
        }
        Share.DropOutput();
    }

    /// <summary>After output has gone: no more is excused than is there.</summary>
    internal void LimitExcused()
    {
        if (Queue.ExcusedBytes > Queue.MemoryBytes)
        {
            SetExcused(Queue.MemoryBytes);
        }
    }

    private void SendFromSource()
    {
        Volatile.Write(ref _isSourceNoted, 0);
        Interlocked.MemoryBarrier();
        MarkDirtyUnlessGone();
    }

    private void MarkDirtyUnlessGone()
    {
        if (!IsGone)
        {
            MarkDirty();
        }
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
        if (start == end || IsGone)
        {
            return;
        }
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

    private bool WantsVisit()
    {
        if (!IsSet(ConnectionFlags.WriteAwaits) && ((!Queue.IsEmpty && SendableSize > 0) || HasSourceOutput))
        {
            return true;
        }
        if (IsSet(ConnectionFlags.IsClosing))
        {
            return false;
        }
        if (IsSet(ConnectionFlags.IsPaused))
        {
            return IsSet(ConnectionFlags.HasPeerEnded) || (Channel.HidesEnd && !IsSet(ConnectionFlags.ReadAwaits));
        }
        return IsSet(ConnectionFlags.IsAgain)
            ? Queue.IsEmpty
            : !IsSet(ConnectionFlags.ReadAwaits | ConnectionFlags.IsBackpressured);
    }
}
