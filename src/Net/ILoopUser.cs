namespace Bixbite.Net;

/// <summary>
/// Whose loop it is: told when its turn ends, and called from time to time. Handlers of connections are apart (<see
/// cref="IConnectionHandler"/>). Every call comes on the loop's own thread, with the <see cref="ExecutionLock"/>.
/// </summary>
public interface ILoopUser
{
    /// <summary>
    /// The loop is about to give back the lock: returns the position for which everything waits that was written or delivered since it took
    /// it (<see cref="EventLoop.Release"/>); 0 for none. Positions only grow.
    /// </summary>
    long EndTurn() => 0;

    /// <summary>Comes when its last answer has passed, or earlier; returns the milliseconds until the next wanted call.</summary>
    int Tick();
}
