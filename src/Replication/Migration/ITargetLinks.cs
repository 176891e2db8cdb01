namespace Bixbite.Replication.Migration;

/// <summary>Makes connections to other servers, on the first loop. Whoever has loops implements it; all is called with the lock.</summary>
public interface ITargetLinks
{
    /// <summary>Begins to connect; the user is told in a later round, once, unless the link is closed before.</summary>
    public ITargetLink Connect(string host, int port, int timeoutMs, ITargetUser user);
}

/// <summary>A connection to another server, or an attempt to make it.</summary>
public interface ITargetLink
{
    /// <summary>Bytes that the system has not taken. On the first loop.</summary>
    public long UnsentBytes { get; }

    /// <summary>Sends a copy of the bytes, once there is a connection.</summary>
    public void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Ends it now. The user is told of the end of a connection, and of nothing more of an attempt.</summary>
    public void Close();
}

/// <summary>Whoever has asked for a connection. Called on the first loop, with the lock.</summary>
public interface ITargetUser
{
    /// <summary>There is a connection.</summary>
    public void Opened();

    /// <summary>There is none: the other server's machine has refused it, or something else is wrong.</summary>
    public void Failed(bool isRefused);

    /// <summary>All bytes that have come and were not taken; returns how many are taken now.</summary>
    public int Received(ReadOnlySpan<byte> bytes);

    /// <summary>The connection is gone.</summary>
    public void Closed();
}
