using Bixbite.Memory;
using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>
/// Moves output to the channels: one write per connection and round, straight from the loop's output while the channel takes it.
/// </summary>
/// <remarks>
/// What a channel does not take is copied to its connection's queue, and only then is it asked to announce room. Everything later
/// goes behind that queue, so order is kept. A connection with a long queue is not read (<see cref="CloggedSizeMin"/>), one that
/// exceeds its <see cref="OutputLimit"/> is aborted. Output that is held goes into the queue as well, and stays there until the lines that
/// it waits for have reached their positions.
/// </remarks>
internal sealed class Sender(EventLoop loop, Poller poller) : IDisposable
{
    /// <summary>With more output waiting than this, a connection is not read until all of it is sent.</summary>
    internal const int CloggedSizeMin = 1024 * 1024;

    private const int OutputSize = 64 * 1024;
    private const int OutputSizeKept = 1024 * 1024;
    private const int DrainSizeMax = 4 * 1024 * 1024;

    /// <summary>Blocks of a queue sent at once: since they double in size, these are more than a socket takes.</summary>
    private const int PieceCountMax = 16;

    private readonly Heap _heap = loop.Heap;
    private readonly LoopStatistics _statistics = loop.Statistics;
    private readonly Work _work = loop.Work;
    private readonly Poller _poller = poller;
    private readonly List<Connection> _holding = [];
    private readonly long[] _reached = new long[EventLoop.LineCountMax];
    private int _reachedCount;
    private int _seenCount;
    private long _dueUs = long.MaxValue;
    private bool _hasGone;
    private int _largestOutput;
    private volatile bool _isHolding;

    internal NativeBuffer Output { get; } = new(loop.Workspace, OutputSize);

    /// <summary>When something has waited for as long as it may.</summary>
    internal long DueUs => _dueUs;

    /// <summary>Sends what all connections have written since the last call, and empties the output.</summary>
    internal void Flush(long nowUs)
    {
        WorkList dirty = _work.Dirty;
        for (int index = 0; index < dirty.Count; index++)
        {
            Connection connection = dirty[index];
            Flush(connection, nowUs);
            if (connection.Held is { } held)
            {
                held.NoteFlushed(connection.Queue.AppendedEnd);
            }
        }
        NoteTimes(dirty);
        dirty.Clear();
        _largestOutput = Math.Max(_largestOutput, Output.Length);
        Output.Truncate(0);
    }

    private void NoteTimes(WorkList flushed)
    {
        if (flushed.Count == 0)
        {
            return;
        }
        long nowUs = flushed[0].Loop.NowUs;
        for (int index = 0; index < flushed.Count; index++)
        {
            flushed[index].Times?.Flushed(flushed[index], nowUs);
        }
    }

    /// <summary>Once a second: gives back what the output has grown to and not needed since the last call.</summary>
    internal void ShrinkOutput()
    {
        if (Output.Length == 0 && Output.Capacity > OutputSizeKept && Output.Capacity / 4 > _largestOutput)
        {
            Output.Shrink(OutputSize);
        }
        _largestOutput = 0;
    }

    /// <summary>
    /// Sends from the queue and then from the source, as far as the socket takes it and other connections need not wait too long.
    /// </summary>
    internal void Drain(Connection connection)
    {
        long budget = DrainSizeMax;
        bool isLeft = !connection.IsSet(ConnectionFlags.IsSourceCut) || TryDrainSource(connection, ref budget);
        if (!isLeft || !TryDrainQueue(connection, ref budget) || !TryDrainSource(connection, ref budget))
        {
            return;
        }
        if (connection.Queue.IsEmpty && !connection.HasSourceOutput)
        {
            Drained(connection);
        }
        else
        {
            connection.RevisitIfWanted();
        }
    }

    /// <summary>
    /// Notes that a line has reached a position; true if the loop may hold output, and is to be woken for it. Any thread.
    /// </summary>
    internal bool NoteReached(int line, long position)
    {
        if (!RisingPosition.TryRaise(ref _reached[line], position))
        {
            return false;
        }
        Interlocked.Increment(ref _reachedCount);
        return _isHolding;
    }

    /// <summary>
    /// Holds the connection's output since the last flush, and all that follows it, until the line is there; nothing if it is already.
    /// </summary>
    internal void Hold(Connection connection, int line, long position, long nowUs)
    {
        if (!_isHolding)
        {
            // Whoever reaches the position either sees that this loop holds output, or is seen here.
            _isHolding = true;
            Interlocked.MemoryBarrier();
        }
        if (position <= Volatile.Read(ref _reached[line]))
        {
            return;
        }
        HeldOutput held = connection.Held ??= new HeldOutput();
        if (held.IsEmpty)
        {
            _holding.Add(connection);
        }
        held.Hold(Math.Max(held.FlushedEnd, connection.Queue.ConsumedEnd), line, position, nowUs);
        _dueUs = Math.Min(_dueUs, held.DueUs);
        if (held.IsEmpty)
        {
            _holding.RemoveAt(_holding.Count - 1);
        }
    }

    /// <summary>The connection is gone.</summary>
    internal void Forget(Connection connection) => _hasGone |= connection.Held is { IsEmpty: false };

    /// <summary>Sends what waited for positions that lines have reached, and what has waited for as long as it may.</summary>
    internal void Release(long nowUs)
    {
        if (_holding.Count == 0)
        {
            _isHolding = false;
            return;
        }
        int count = Volatile.Read(ref _reachedCount);
        if (count == _seenCount && !_hasGone && nowUs < _dueUs)
        {
            return;
        }
        _seenCount = count;
        _hasGone = false;
        ReleaseReached(nowUs);
    }

    /// <summary>Aborts the connection if more output waits than its limit permits; what waits is dropped at once.</summary>
    internal void EnforceLimit(Connection connection, long nowUs)
    {
        OutputLimit limit = connection.OutputLimit;
        long size = connection.PendingOutput;
        bool isOverSoft = limit.SoftBytes > 0 && size > limit.SoftBytes;
        if (!isOverSoft)
        {
            connection.Queue.OverSinceUs = 0;
        }
        else if (connection.Queue.OverSinceUs == 0)
        {
            connection.Queue.OverSinceUs = nowUs;
        }
        bool isOver = (limit.HardBytes > 0 && size > limit.HardBytes)
            || (isOverSoft && nowUs - connection.Queue.OverSinceUs > limit.SoftSeconds * 1_000_000L);
        if (!isOver || connection.IsGone)
        {
            return;
        }
        _statistics.OutputLimitAborts++;
        connection.Loop.NoteOutputLimitExceeded(connection);
        connection.Abort();
        connection.Queue.Drop(_heap, connection.Loop.Pinned);
        connection.LimitExcused();
    }

    public void Dispose() => Output.Dispose();

    /// <summary>False where the connection is dead.</summary>
    private bool TryDrainQueue(Connection connection, ref long budget)
    {
        ref OutputQueue queue = ref connection.Queue;
        long sendable = connection.IsSet(ConnectionFlags.IsSourceCut) ? 0 : Math.Min(connection.SendableSize, budget);
        Span<IoVector> pieces = stackalloc IoVector[PieceCountMax];
        while (!queue.IsEmpty && sendable > 0)
        {
            int count = queue.Gather(pieces, sendable, out int size);
            int sent = Send(connection, pieces[..count], size);
            if (sent < 0)
            {
                return false;
            }
            queue.Consume(_heap, connection.Loop.Pinned, sent);
            connection.LimitExcused();
            sendable -= sent;
            budget -= sent;
            if (sent < size)
            {
                break;
            }
        }
        return true;
    }

    /// <summary>
    /// The same for the source, which comes when the queue is empty. A channel that takes a part of what is offered may have the rest
    /// within it, so nothing else may come in between.
    /// </summary>
    private bool TryDrainSource(Connection connection, ref long budget)
    {
        Span<IoVector> pieces = stackalloc IoVector[PieceCountMax];
        while (budget > 0 && connection.HasSourceOutput && !connection.IsSet(ConnectionFlags.WriteAwaits))
        {
            IByteSource source = connection.Source!;
            int count = source.Peek(pieces, budget, out int size);
            if (size == 0)
            {
                break;
            }
            int sent = Send(connection, pieces[..count], size);
            if (sent < 0)
            {
                return false;
            }
            source.Take(sent);
            budget -= sent;
            if (sent < size)
            {
                connection.Flags |= ConnectionFlags.IsSourceCut;
                break;
            }
            connection.Flags &= ~ConnectionFlags.IsSourceCut;
        }
        return true;
    }

    private void ReleaseReached(long nowUs)
    {
        int kept = 0;
        _dueUs = long.MaxValue;
        for (int index = 0; index < _holding.Count; index++)
        {
            Connection connection = _holding[index];
            if (connection.IsGone)
            {
                continue;
            }
            HeldOutput held = connection.Held!;
            if (held.Release(_reached, nowUs))
            {
                held.Replace(connection);
                connection.LimitExcused();
            }
            if (!held.IsEmpty)
            {
                _holding[kept++] = connection;
                _dueUs = Math.Min(_dueUs, held.DueUs);
            }
            else
            {
                connection.Times?.Released(nowUs);
            }
            if (!connection.Queue.IsEmpty && !connection.IsSet(ConnectionFlags.WriteAwaits))
            {
                Drain(connection);
            }
        }
        _holding.RemoveRange(kept, _holding.Count - kept);
        _isHolding = kept > 0;
    }

    private void Flush(Connection connection, long nowUs)
    {
        connection.Flags &= ~ConnectionFlags.IsDirty;
        ref RoundShare share = ref connection.Share;
        if (connection.IsGone)
        {
            share.DropOutput();
            return;
        }
        if (connection.PendingOutput > connection.OutputLimit.UntriedBytesMax)
        {
            EnforceLimit(connection, nowUs);
            share.DropOutput();
            return;
        }
        if (connection.Held is { IsEmpty: false })
        {
            connection.QueueRange();
        }
        if (!connection.Queue.IsEmpty || connection.IsSet(ConnectionFlags.IsSourceCut))
        {
            connection.QueueRange();
            if (!connection.IsSet(ConnectionFlags.WriteAwaits))
            {
                Drain(connection);
            }
        }
        else
        {
            SendRange(connection, ref share);
            if (connection.HasSourceOutput && !connection.IsSet(ConnectionFlags.WriteAwaits))
            {
                Drain(connection);
            }
        }
        if (connection.Queue.IsEmpty && !connection.HasSourceOutput)
        {
            if (connection.IsSet(ConnectionFlags.IsClosing))
            {
                connection.CloseLater();
            }
            return;
        }
        if (connection.Queue.Length > CloggedSizeMin)
        {
            connection.Flags |= ConnectionFlags.IsBackpressured;
        }
        EnforceLimit(connection, nowUs);
        connection.RevisitIfWanted();
    }

    /// <summary>Sends the round's output of a connection whose queue is empty; the queue gets what the socket does not take.</summary>
    private void SendRange(Connection connection, ref RoundShare share)
    {
        if (share.OutputSize == 0)
        {
            return;
        }
        var piece = new IoVector(share.Source!.Address + (ulong)share.OutputStart, share.OutputSize);
        int sent = Send(connection, new ReadOnlySpan<IoVector>(in piece), share.OutputSize);
        share.OutputStart = sent >= 0 ? share.OutputStart + sent : share.OutputEnd;
        connection.QueueRange();
    }

    /// <summary>Writes once; the bytes taken, or -1 when the connection is dead, and remembers what the channel waits for.</summary>
    private int Send(Connection connection, ReadOnlySpan<IoVector> pieces, int size)
    {
        Transfer transfer = connection.Channel.Write(pieces, size);
        connection.NoteWritten(transfer.Next);
        if (transfer.Next == ChannelNext.Failed)
        {
            connection.Abort();
            return -1;
        }
        if (transfer.Count > 0)
        {
            _statistics.Writes++;
            _statistics.BytesSent += transfer.Count;
            connection.BytesSent += transfer.Count;
        }
        if (transfer.Next == ChannelNext.Writable)
        {
            _poller.WatchOutput(connection);
        }
        return transfer.Count;
    }

    private void Drained(Connection connection)
    {
        connection.Flags &= ~ConnectionFlags.IsBackpressured;
        connection.Queue.OverSinceUs = 0;
        connection.Times?.Drained(connection, connection.Loop.NowUs);
        _poller.UnwatchOutput(connection);
        if (connection.IsSet(ConnectionFlags.IsClosing))
        {
            connection.CloseLater();
        }
        else
        {
            connection.RevisitIfWanted();
        }
    }
}
