using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// The sessions that wait within a command, and the time at which each stops waiting. A blocked session runs no further request until it is
/// unblocked; then its link presents again what it had sent meanwhile.
/// </summary>
public sealed class BlockedSessions : ISessionPart, ISuspensions
{
    /// <summary>Deadlines of waits that are over stay queued until they are due, or until they outnumber the others by so many.</summary>
    private const int StaleCountMax = 256;

    private readonly Dictionary<long, BlockedOperation> _operations = [];
    private readonly PriorityQueue<BlockedOperation, long> _deadlines = new();
    private readonly NativeBuffer _buffer;
    private readonly ReplyWriter _reply;
    private readonly Heap _heap;
    private readonly CommandRecorder _recorder;

    /// <param name="buffer">Takes the reply of one wait that ends; it stays the caller's.</param>
    /// <param name="heap">Pays for the requests that are kept.</param>
    /// <param name="recorder">Counts waits that end by themselves.</param>
    public BlockedSessions(NativeBuffer buffer, Heap heap, CommandRecorder recorder)
    {
        _heap = heap;
        _recorder = recorder;
        _buffer = buffer;
        _reply = new ReplyWriter(buffer);
    }

    public int Count => _operations.Count;

    /// <summary>Told of a new <see cref="BlockedOperation.DeadlineMs"/> before all others: <see cref="RunTimeouts"/> is due then.</summary>
    public Action<long>? DeadlineMovedUp { get; set; }

    /// <summary>Operations that end by a time-out: INFO's clients_in_timeout_table.</summary>
    public int TimedCount { get; private set; }

    /// <summary>The context's command waits from now on; its request is kept until the wait is over.</summary>
    void ISuspensions.Begin(BlockedOperation operation, CommandContext context)
    {
        Invariant.Require(!operation.Session.Has(SessionFlags.Blocked), "A session waits for one thing at a time.");
        operation.Keep(context.Command, new KeptRequest(_heap, context.Arguments), context.Redacted);
        operation.Began(context);
        operation.Count();
        operation.Session.Set(SessionFlags.Blocked, true);
        _operations.Add(operation.Session.Id, operation);
        if (operation.DeadlineMs != BlockedOperation.Forever)
        {
            TimedCount++;
            DropStaleDeadlines();
            _deadlines.Enqueue(operation, operation.DeadlineMs);
            if (_deadlines.Peek() == operation)
            {
                DeadlineMovedUp?.Invoke(operation.DeadlineMs);
            }
        }
    }

    /// <summary>Ends the wait as if its time were over, or with an error; false if the session does not wait.</summary>
    public bool Unblock(Session session, bool withError)
    {
        if (!_operations.TryGetValue(session.Id, out BlockedOperation? operation))
        {
            return false;
        }
        End(operation, withError ? ErrorText.Unblocked : default);
        return true;
    }

    /// <summary>The same where a client asks for it (CLIENT UNBLOCK); false also if the wait is none that it may end.</summary>
    public bool TryUnblock(Session session, bool withError) =>
        _operations.TryGetValue(session.Id, out BlockedOperation? operation) && operation.MayBeUnblocked && Unblock(session, withError);

    /// <summary>Ends waits for keys with the errors that somebody has for them.</summary>
    public void RefuseWaits(WaitRefusal refusalOf)
    {
        foreach (BlockedOperation operation in _operations.Values.Where(static each => each.Reason == WaitReason.Keys).ToArray())
        {
            byte[]? error = refusalOf(operation.Session, operation.Command, operation.Arguments);
            if (error is not null)
            {
                End(operation, error);
            }
        }
    }

    /// <summary>Ends all waits with an error, and closes the connections after it.</summary>
    public void Dismiss(ReadOnlySpan<byte> error)
    {
        foreach (BlockedOperation operation in _operations.Values.ToArray())
        {
            Session session = operation.Session;
            End(operation, error);
            session.Close();
        }
    }

    /// <summary>Forgets a session that is gone.</summary>
    public void Forget(Session session)
    {
        if (_operations.Remove(session.Id, out BlockedOperation? operation))
        {
            TimedCount -= operation.DeadlineMs != BlockedOperation.Forever ? 1 : 0;
            operation.Release();
        }
        session.Set(SessionFlags.Blocked, false);
    }

    /// <summary>Who waits runs no RESET.</summary>
    void ISessionPart.Reset(Session session)
    {
    }

    void ISessionPart.End(Session session) => Forget(session);

    void ISessionPart.Describe(ClientText text) =>
        text.AddFlag('b', static session => session.Has(SessionFlags.Blocked | SessionFlags.Postponed));

    /// <summary>Ends a wait with the reply for which it waited.</summary>
    public void Finish(BlockedOperation operation, ReadOnlySpan<byte> reply)
    {
        Session session = operation.Session;
        Forget(session);
        bool isUnconfirmed = session.TakeUnconfirmed();
        if (!operation.IsSilent)
        {
            session.Link.SendReply(reply, isUnconfirmed);
        }
        session.Link.Resume();
    }

    /// <summary>Ends every wait whose time is over; returns the next deadline in monotonic milliseconds, or forever.</summary>
    public long RunTimeouts(long nowMs)
    {
        while (_deadlines.TryPeek(out BlockedOperation? operation, out long deadlineMs))
        {
            bool isCurrent = IsCurrent(operation);
            if (isCurrent && deadlineMs > nowMs)
            {
                return deadlineMs;
            }
            _deadlines.Dequeue();
            if (isCurrent)
            {
                End(operation, error: default);
            }
        }
        return BlockedOperation.Forever;
    }

    private bool IsCurrent(BlockedOperation operation) =>
        _operations.TryGetValue(operation.Session.Id, out BlockedOperation? current) && ReferenceEquals(current, operation);

    /// <summary>Ends a wait with the error, or with none as if its time were over.</summary>
    private void End(BlockedOperation operation, ReadOnlySpan<byte> error)
    {
        _buffer.Truncate(0);
        _reply.Version = operation.Session.ProtocolVersion;
        long errors = _reply.ErrorCount;
        if (!error.IsEmpty)
        {
            _reply.Error(error);
        }
        else
        {
            operation.AnswerTimeout(_reply);
        }
        _recorder.Ended(operation, _reply, _reply.ErrorCount != errors);
        Finish(operation, _buffer.Written(0));
    }

    private void DropStaleDeadlines()
    {
        if (_deadlines.Count <= (2 * TimedCount) + StaleCountMax)
        {
            return;
        }
        (BlockedOperation, long)[] current = [.. _deadlines.UnorderedItems.Where(item => IsCurrent(item.Element))];
        _deadlines.Clear();
        _deadlines.EnqueueRange(current);
    }
}

/// <summary>The error with which a wait for keys ends; null if it goes on.</summary>
public delegate byte[]? WaitRefusal(Session session, Command command, ReadOnlySpan<Argument> arguments);
