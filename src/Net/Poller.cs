using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>
/// How a loop sleeps and is woken, and which descriptors are watched meanwhile: of one loop, and called by its thread, but for
/// <see cref="Ring"/>. Channels without a descriptor announce themselves, and some pollers watch none.
/// </summary>
/// <remarks>
/// The tag that comes back with an event says whose it is:
/// <code>
///   tag of a connection   0 .. 2^31 - 1: its slot
///   tag of a listener     2^32 + its index
///   tag of an attempt     2^33 + its slot
///   tag of a handshake    2^34 + its slot
/// </code>
/// </remarks>
internal abstract class Poller : IDisposable
{
    internal const ulong ListenerTag = 1UL << 32;
    internal const ulong AttemptTag = 1UL << 33;
    internal const ulong HandshakeTag = 1UL << 34;

    /// <summary>Sleeps until something happens, or for so long; returns how many events are to be told.</summary>
    internal abstract int Wait(int timeoutMs);

    /// <summary>Tells the loop the events of the last wait.</summary>
    internal virtual void Tell(EventLoop loop, int eventCount)
    {
    }

    /// <summary>Has whoever has the tag remember what an edge has said; acted upon when it is visited.</summary>
    protected static void Note(EventLoop loop, ChannelEvents events, ulong tag)
    {
        if (tag >= HandshakeTag)
        {
            loop.Handshakes.Mark(tag, events);
        }
        else if (tag >= AttemptTag)
        {
            loop.Connector.Mark(tag);
        }
        else if (tag >= ListenerTag)
        {
            loop.Acceptor.Mark(tag);
        }
        else
        {
            loop.Connections[(int)tag]?.Note(events);
        }
    }

    /// <summary>Ends the sleep, or lets the next one end at once. Any thread.</summary>
    internal abstract void Ring();

    /// <summary>Watches a descriptor for input.</summary>
    internal virtual int Add(int descriptor, ulong tag) => -Errno.EINVAL;

    /// <summary>A descriptor that was watched with another tag is watched with this one, for input; at once if there is some.</summary>
    internal virtual int ChangeTag(int descriptor, ulong tag) => -Errno.EINVAL;

    /// <summary>Announces room too.</summary>
    internal virtual int WatchHandshake(int descriptor, int slot) => -Errno.EINVAL;

    /// <summary>Announces once that the socket has connected, or cannot.</summary>
    internal virtual int AddAttempt(int descriptor, int slot) => -Errno.EINVAL;

    internal virtual void Remove(int descriptor)
    {
    }

    /// <summary>Announces from now on when the socket takes bytes again; at once if it does already.</summary>
    internal void WatchOutput(Connection connection)
    {
        if (connection.IsSet(ConnectionFlags.WatchesOutput) || connection.Channel.Descriptor < 0)
        {
            return;
        }
        connection.Flags |= ConnectionFlags.WatchesOutput;
        Change(connection, hasOutput: true);
    }

    internal void UnwatchOutput(Connection connection)
    {
        if (!connection.IsSet(ConnectionFlags.WatchesOutput))
        {
            return;
        }
        connection.Flags &= ~ConnectionFlags.WatchesOutput;
        Change(connection, hasOutput: false);
    }

    public abstract void Dispose();

    /// <summary>Watches a connection's descriptor for input, and for room or not.</summary>
    protected virtual int Change(int descriptor, ulong tag, bool hasOutput) => -Errno.EINVAL;

    private void Change(Connection connection, bool hasOutput)
    {
        if (Change(connection.Channel.Descriptor, (ulong)connection.Slot, hasOutput) < 0)
        {
            connection.Abort();
        }
    }
}
