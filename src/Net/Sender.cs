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
/// exceeds its <see cref="OutputLimit"/> is aborted. Output that is held goes into the queue as well, and stays there until its position
/// is released.
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
    private int _largestOutput;
    private long _releasedPosition;
    private volatile bool _isHolding;

    /// <summary>The position until whose release output written since the last flush is held; 0 for none.</summary>
    internal long HoldPosition { get; set; }

    /// <summary>The latest position released. Any thread.</summary>
    internal long ReleasedPosition => Volatile.Read(ref _releasedPosition);

    internal NativeBuffer Output { get; } = new(loop.Workspace, OutputSize);

    /// <summary>Sends what all connections have written since the last call, and empties the output.</summary>
    internal void Flush(long nowUs)
    {
        WorkList dirty = _work.Dirty;
        HoldPosition = BeginHolding(HoldPosition);
        for (int index = 0; index < dirty.Count; index++)
        {
            Flush(dirty[index], nowUs);
        }
        dirty.Clear();
        HoldPosition = 0;
        _largestOutput = Math.Max(_largestOutput, Output.Length);
        Output.Truncate(0);
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

    /// <summary>Sends from the queue, as far as the socket takes it and other connections need not wait too long.</summary>
    internal void Drain(Connection connection)
    {
        ref OutputQueue queue = ref connection.Queue;
        long budget = Math.Min(connection.SendableSize, DrainSizeMax);
        Span<IoVector> pieces = stackalloc IoVector[PieceCountMax];
        while (!queue.IsEmpty && budget > 0)
        {
            int count = queue.Gather(pieces, budget, out int size);
            int sent = Send(connection, pieces[..count], size);
            if (sent < 0)
            {
                return;
            }
            queue.Consume(_heap, connection.Loop.Pinned, sent);
            connection.LimitExcused();
            budget -= sent;
            if (sent < size)
            {
                break;
            }
        }
        if (queue.IsEmpty)
        {
            Drained(connection);
        }
        else
        {
            connection.RevisitIfWanted();
        }
    }

    /// <summary>Notes that a position is released; true if the loop may hold output, and is to be woken for it. Any thread.</summary>
    internal bool NoteReleased(long position)
    {
        long before = ReleasedPosition;
        while (position > before)
        {
            long seen = Interlocked.CompareExchange(ref _releasedPosition, position, before);
            if (seen == before)
            {
                return _isHolding;
            }
            before = seen;
        }
        return false;
    }

    /// <summary>
    /// To be called before output is held: returns the position, or 0 if it has been released already. Whoever releases a position either
    /// sees that this loop holds output, or is seen here.
    /// </summary>
    internal long BeginHolding(long position)
    {
        if (position == 0)
        {
            return 0;
        }
        _isHolding = true;
        Interlocked.MemoryBarrier();
        return position <= ReleasedPosition ? 0 : position;
    }

    /// <summary>Holds the connection's output since it was held last, or all of it, until the position is released.</summary>
    internal void Hold(Connection connection, long position)
    {
        connection.QueueRange();
        if (connection.IsGone || connection.Queue.IsEmpty)
        {
            return;
        }
        HeldOutput held = connection.Held ??= new HeldOutput();
        if (held.IsEmpty)
        {
            _holding.Add(connection);
        }
        held.Hold(connection.Queue.ConsumedEnd, connection.Queue.AppendedEnd, position);
    }

    /// <summary>Sends what was held for a position that has been released.</summary>
    internal void Release()
    {
        if (_holding.Count == 0)
        {
            _isHolding = false;
            return;
        }
        long position = ReleasedPosition;
        int kept = 0;
        for (int index = 0; index < _holding.Count; index++)
        {
            Connection connection = _holding[index];
            HeldOutput held = connection.Held!;
            if (connection.IsGone)
            {
                continue;
            }
            held.Release(position);
            if (!held.IsEmpty)
            {
                _holding[kept++] = connection;
            }
            if (!connection.IsSet(ConnectionFlags.WriteAwaits))
            {
                Drain(connection);
            }
        }
        _holding.RemoveRange(kept, _holding.Count - kept);
        if (kept == 0)
        {
            _isHolding = false;
        }
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
        if (HoldPosition != 0)
        {
            Hold(connection, HoldPosition);
        }
        if (!connection.Queue.IsEmpty)
        {
            connection.QueueRange();
            if (!connection.IsSet(ConnectionFlags.WriteAwaits))
            {
                Drain(connection);
            }
        }
        else if (share.OutputSize > 0)
        {
            var piece = new IoVector(share.Source!.Address + (ulong)share.OutputStart, share.OutputSize);
            int sent = Send(connection, new ReadOnlySpan<IoVector>(in piece), share.OutputSize);
            if (sent >= 0)
            {
                share.OutputStart += sent;
            }
            else
            {
                share.OutputStart = share.OutputEnd;
            }
            connection.QueueRange();
        }
        if (connection.Queue.IsEmpty)
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
