using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>The loop's epoll instance, edge-triggered throughout, and what the tags of its events mean.</summary>
/// <remarks>
/// <code>
///   tag of a connection   0 .. 2^31 - 1: its slot
///   tag of a listener     2^32 + its index
///   tag of an attempt     2^33 + its slot
///   tag of a handshake    2^34 + its slot
///   tag of the mailbox    2^64 - 1
/// </code>
/// Why edges: a level-triggered descriptor is put back on the ready list after every report and polled once more by the next wait,
/// which costs each busy connection a second look per round; and pausing one costs a system call each way. With edges the kernel
/// speaks once, the loop remembers, and epoll_ctl is needed only for a new socket and around a full one.
/// </remarks>
internal sealed class Poller : IDisposable
{
    internal const ulong MailboxTag = ulong.MaxValue;
    internal const ulong ListenerTag = 1UL << 32;
    internal const ulong AttemptTag = 1UL << 33;
    internal const ulong HandshakeTag = 1UL << 34;

    private const int EventsMax = 512;
    private const uint InputEvents = Epoll.EPOLLIN | Epoll.EPOLLRDHUP | Epoll.EPOLLET;

    private readonly EpollEvents _events = new(EventsMax);
    private int _epoll;

    internal Poller()
    {
        _epoll = Epoll.epoll_create1();
        if (_epoll < 0)
        {
            throw new IOException("epoll_create1: " + Errno.Text(-_epoll));
        }
    }

    internal uint EventsAt(int index) => _events.EventsAt(index);

    internal ulong TagAt(int index) => _events.DataAt(index);

    /// <summary>Waits for events and returns their count; an interrupted wait has none.</summary>
    internal int Wait(int timeoutMs) => Math.Max(Epoll.epoll_wait(_epoll, _events, timeoutMs), 0);

    /// <summary>The events of a channel in epoll's bits. An error or a hang-up ends every wait: the next call tells.</summary>
    internal static ChannelEvents ChannelEventsOf(uint bits)
    {
        ChannelEvents events = (bits & ~Epoll.EPOLLOUT) != 0 ? ChannelEvents.Readable : ChannelEvents.None;
        if ((bits & (Epoll.EPOLLRDHUP | Epoll.EPOLLHUP | Epoll.EPOLLERR)) != 0)
        {
            events |= ChannelEvents.PeerEnded;
        }
        if ((bits & Epoll.EPOLLHUP) != 0)
        {
            events |= ChannelEvents.Severed;
        }
        if ((bits & (Epoll.EPOLLOUT | Epoll.EPOLLHUP | Epoll.EPOLLERR)) != 0)
        {
            events |= ChannelEvents.Writable;
        }
        return events;
    }

    internal int Add(int descriptor, ulong tag) => Epoll.epoll_ctl(_epoll, Epoll.EPOLL_CTL_ADD, descriptor, InputEvents, tag);

    /// <summary>A descriptor that was watched with another tag is watched with this one, for input; at once if there is some.</summary>
    internal int ChangeTag(int descriptor, ulong tag) => Epoll.epoll_ctl(_epoll, Epoll.EPOLL_CTL_MOD, descriptor, InputEvents, tag);

    /// <summary>Announces room too.</summary>
    internal int WatchHandshake(int descriptor, int slot) =>
        Epoll.epoll_ctl(_epoll, Epoll.EPOLL_CTL_MOD, descriptor, InputEvents | Epoll.EPOLLOUT, HandshakeTag + (ulong)slot);

    /// <summary>Announces once that the socket has connected, or cannot.</summary>
    internal int AddAttempt(int descriptor, int slot) =>
        Epoll.epoll_ctl(_epoll, Epoll.EPOLL_CTL_ADD, descriptor, Epoll.EPOLLOUT | Epoll.EPOLLET, AttemptTag + (ulong)slot);

    internal void Remove(int descriptor) => _ = Epoll.epoll_ctl(_epoll, Epoll.EPOLL_CTL_DEL, descriptor, 0, 0);

    /// <summary>Announces from now on when the socket takes bytes again; at once if it does already.</summary>
    internal void WatchOutput(Connection connection)
    {
        if (connection.IsSet(ConnectionFlags.WatchesOutput) || connection.Descriptor < 0)
        {
            return;
        }
        connection.Flags |= ConnectionFlags.WatchesOutput;
        Modify(connection, InputEvents | Epoll.EPOLLOUT);
    }

    internal void UnwatchOutput(Connection connection)
    {
        if (!connection.IsSet(ConnectionFlags.WatchesOutput))
        {
            return;
        }
        connection.Flags &= ~ConnectionFlags.WatchesOutput;
        Modify(connection, InputEvents);
    }

    public void Dispose()
    {
        if (_epoll >= 0)
        {
            Files.close(_epoll);
        }
        _epoll = -1;
        _events.Dispose();
    }

    private void Modify(Connection connection, uint events)
    {
        if (Epoll.epoll_ctl(_epoll, Epoll.EPOLL_CTL_MOD, connection.Descriptor, events, (ulong)connection.Slot) < 0)
        {
            connection.Abort();
        }
    }
}
