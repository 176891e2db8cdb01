using Bixbite.Engine.Sessions;

namespace Bixbite.Replication.Links;

/// <summary>The use of a connection to another server: settings say for each whether it is encrypted.</summary>
public enum PeerPurpose
{
    /// <summary>To follow it (tls-replication).</summary>
    Replication,

    /// <summary>To move keys there (tls-cluster, as in Redis).</summary>
    Migration,
}

/// <summary>
/// Makes connections to other servers, on the first loop. Whoever has loops implements it; everything is called with the lock.
/// </summary>
public interface IPeerLinks
{
    /// <summary>
    /// Begins to connect; the user is told in a later round, once. The result gives up the attempt, and does nothing when the user has been
    /// told.
    /// </summary>
    public Action Connect(string host, int port, int timeoutMs, PeerPurpose purpose, IPeerUser user);
}

/// <summary>Whoever has asked for a connection. Called on the first loop, with the lock.</summary>
public interface IPeerUser
{
    /// <summary>There is a connection.</summary>
    public void Opened(IPeerWire wire);

    /// <summary>There is none, for this reason; whether the other machine has refused it.</summary>
    public void Failed(string reason, bool isRefused);

    /// <summary>All bytes that have come and were not taken; returns how many are taken now. The others come again, with more.</summary>
    public int Received(ulong address, int length);

    /// <summary>The connection is gone.</summary>
    public void Closed();
}

/// <summary>A connection to another server. Called on the first loop, but for what says otherwise.</summary>
public interface IPeerWire
{
    /// <summary>The way to the other server as to any client.</summary>
    public ILink Link { get; }

    /// <summary>The request that is under way needs so many bytes in all.</summary>
    public void Expect(int size);

    /// <summary>Much comes at a time, and is taken at once, or not any more.</summary>
    public bool ReceivesBulk { set; }

    /// <summary>Nothing is received until <see cref="Resume"/>. The end of the connection is not noticed before either.</summary>
    public void Pause();

    /// <summary>Receiving goes on, first with the bytes that were not taken. Any thread.</summary>
    public void Resume();
}
