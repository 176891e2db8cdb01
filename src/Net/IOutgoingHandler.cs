namespace Bixbite.Net;

/// <summary>
/// Handles connections that this side begins (<see cref="EventLoop.Connect"/>). Of each attempt it is told once: by <see
/// cref="IConnectionHandler.Opened"/>, with a connection whose <see cref="Connection.State"/> is the attempt's, or by <see
/// cref="ConnectFailed"/>; of one that was cancelled not at all.
/// </summary>
public interface IOutgoingHandler : IConnectionHandler
{
    /// <summary>
    /// There is no connection, and nothing is left of the attempt. May begin another one. On the loop's thread, with the <see
    /// cref="ExecutionLock"/>, and never from within <see cref="EventLoop.Connect"/>.
    /// </summary>
    void ConnectFailed(ConnectAttempt attempt, ConnectFailure failure);
}

/// <summary>
/// Why there is no connection: the error number, or 0 if it is the resolver's; the call that failed; a text that says why, such as
/// "Connection refused"; and the address, or the name that has none.
/// </summary>
public readonly record struct ConnectFailure(int Errno, string Call, string Reason, string Address)
{
    public override string ToString() => $"{Address}: {Call}: {Reason}";
}
