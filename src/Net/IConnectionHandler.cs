namespace Bixbite.Net;

/// <summary>
/// Handles the bytes of one kind of connection, on one loop. Every call comes on the loop's own thread, and all but <see
/// cref="Received"/>, <see cref="OutputLimitExceeded"/> and <see cref="Sent"/> with the <see cref="ExecutionLock"/>.
/// </summary>
public interface IConnectionHandler
{
    /// <summary>A peer has connected; the handler may write to it, or send it away with <see cref="Connection.CloseAfterFlush"/>.</summary>
    void Opened(Connection connection);

    /// <summary>
    /// All unconsumed bytes of the connection. They stay where they are until the next <see cref="Execute"/> has returned.
    /// Comes at most once per connection before each <see cref="Execute"/>.
    /// </summary>
    void Received(Connection connection, ulong address, int length);

    /// <summary>
    /// Comes after the <see cref="Received"/> calls of a round, never without one. Says with <see cref="Connection.Consume"/> what was
    /// used of each connection's bytes, and marks the replies it wrote to the loop's output with <see cref="Connection.EndReplies"/>.
    /// </summary>
    void Execute();

    /// <summary>More output waits than the connection's limit permits: it is about to be aborted. With the lock or without.</summary>
    void OutputLimitExceeded(Connection connection)
    {
    }

    /// <summary>Requests that were watched are answered: see <see cref="ServiceTimes.Watch"/>. With the lock or without.</summary>
    void Sent(Connection connection, in ServedRound round)
    {
    }

    /// <summary>The connection is gone, its channel closed. Comes exactly once for each opened connection.</summary>
    void Closed(Connection connection);
}
