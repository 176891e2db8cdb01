using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Sessions;

namespace Bixbite.Replication.Following;

/// <summary>
/// Makes connections to primaries, on the first loop. Whoever has loops implements it; everything is called with the lock.
/// </summary>
public interface IPrimaryLinks
{
    /// <summary>
    /// Begins to connect; the user is told in a later round, once. The result gives up the attempt, and does nothing when the user has been
    /// told.
    /// </summary>
    public Action Connect(PrimaryAddress address, int timeoutMs, IPrimaryUser user);
}

/// <summary>Whoever has asked for a connection to a primary. Called on the first loop, with the lock.</summary>
public interface IPrimaryUser
{
    /// <summary>There is a connection.</summary>
    public void Opened(IPrimaryWire wire);

    /// <summary>There is none, for this reason.</summary>
    public void Failed(string reason);

    /// <summary>All bytes that have come and were not taken; returns how many are taken now. The others come again, with more.</summary>
    public int Received(ulong address, int length);

    /// <summary>The connection is gone.</summary>
    public void Closed();
}

/// <summary>A connection to a primary. Called on the first loop, but for what says otherwise.</summary>
public interface IPrimaryWire
{
    /// <summary>The way to the primary as to any client.</summary>
    public ILink Link { get; }

    /// <summary>The request that is under way needs so many bytes in all.</summary>
    public void Expect(int size);

    /// <summary>Nothing is received until <see cref="Resume"/>. The end of the connection is not noticed before either.</summary>
    public void Pause();

    /// <summary>Receiving goes on, first with the bytes that were not taken. Any thread.</summary>
    public void Resume();
}
