using System.Diagnostics;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// The sessions that wait within a command, and the time at which each stops waiting. A blocked session runs no further request until it is
/// unblocked; then its link presents again what it had sent meanwhile.
/// </summary>
public sealed class BlockedSessions
{
    private readonly Dictionary<long, BlockedOperation> _operations = [];
    private readonly PriorityQueue<BlockedOperation, long> _deadlines = new();
    private readonly NativeBuffer _buffer;
    private readonly ReplyWriter _reply;

    /// <summary>The buffer takes the reply of one wait that ends; it stays the caller's.</summary>
    public BlockedSessions(NativeBuffer buffer)
    {
        _buffer = buffer;
        _reply = new ReplyWriter(buffer);
    }

    public int Count => _operations.Count;

    /// <summary>Operations that end by a time-out: INFO's clients_in_timeout_table.</summary>
    public int TimedCount { get; private set; }

    public void Block(BlockedOperation operation)
    {
        Debug.Assert(!operation.Session.Has(SessionFlags.Blocked), "A session waits for one thing at a time.");
        operation.Session.Set(SessionFlags.Blocked, true);
        _operations.Add(operation.Session.Id, operation);
        if (operation.DeadlineMs != BlockedOperation.Forever)
        {
            TimedCount++;
            _deadlines.Enqueue(operation, operation.DeadlineMs);
        }
    }

    /// <summary>Ends the wait as if its time were over, or with an error; false if the session does not wait.</summary>
    public bool Unblock(Session session, bool withError)
    {
        if (!_operations.TryGetValue(session.Id, out BlockedOperation? operation))
        {
            return false;
        }
        End(operation, withError);
        return true;
    }

    /// <summary>Forgets a session that is gone.</summary>
    public void Forget(Session session)
    {
        if (_operations.Remove(session.Id, out BlockedOperation? operation) && operation.DeadlineMs != BlockedOperation.Forever)
        {
            TimedCount--;
        }
        session.Set(SessionFlags.Blocked, false);
    }

    /// <summary>Ends every wait whose time is over; returns the next deadline in monotonic milliseconds, or forever.</summary>
    public long RunTimeouts(long nowMs)
    {
        while (_deadlines.TryPeek(out BlockedOperation? operation, out long deadlineMs))
        {
            bool isCurrent = _operations.TryGetValue(operation.Session.Id, out BlockedOperation? current)
                && ReferenceEquals(current, operation);
            if (isCurrent && deadlineMs > nowMs)
            {
                return deadlineMs;
            }
            _deadlines.Dequeue();
            if (isCurrent)
            {
                End(operation, withError: false);
            }
        }
        return BlockedOperation.Forever;
    }

    private void End(BlockedOperation operation, bool withError)
    {
        Session session = operation.Session;
        Forget(session);
        _buffer.Truncate(0);
        _reply.Version = session.ProtocolVersion;
        if (withError)
        {
            _reply.Error(ErrorText.Unblocked);
        }
        else
        {
            operation.AnswerTimeout(_reply);
        }
        session.Link.Send(_buffer.Written(0));
        session.Link.Resume();
    }
}
