namespace Bixbite.Net;

/// <summary>
/// Whose loop it is: told when its turn ends, and called from time to time. Handlers of connections are apart (<see
/// cref="IConnectionHandler"/>). Every call comes on the loop's own thread, with the <see cref="ExecutionLock"/>.
/// </summary>
public interface ILoopUser
{
    /// <summary>
    /// The loop is about to give back the lock. What replies of this turn wait for was said of their connections, or is said now (<see
    /// cref="Connection.Hold(int, long)"/>). Returned is what everything waits for that was delivered since the loop took the lock, on
    /// whichever loop: a position of each line, 0 where it does not wait for that line; fewer than there are lines stand for the first.
    /// </summary>
    ReadOnlySpan<long> EndTurn() => default;

    /// <summary>Comes when its last answer has passed, or earlier; returns the milliseconds until the next wanted call.</summary>
    int Tick();
}
