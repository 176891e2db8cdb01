using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net.Transports;

/// <summary>The loop's epoll instance, edge-triggered throughout, with an event counter as its bell.</summary>
/// <remarks>
/// Why edges: a level-triggered descriptor is put back on the ready list after every report and polled once more by the next wait,
/// which costs each busy connection a second look per round; and pausing one costs a system call each way. With edges the kernel
/// speaks once, the loop remembers, and epoll_ctl is needed only for a new socket and around a full one. Each ring of the bell is an edge
/// of its own too, and its counter is never read.
/// </remarks>
internal sealed class EpollPoller : Poller
{
    private const ulong BellTag = ulong.MaxValue;
    private const int EventsMax = 512;
    private const uint InputEvents = Epoll.EPOLLIN | Epoll.EPOLLRDHUP | Epoll.EPOLLET;

    private readonly EpollEvents _events = new(EventsMax);
    private int _bell;
    private int _epoll;

    internal EpollPoller()
    {
        _epoll = Epoll.epoll_create1();
        _bell = Epoll.eventfd();
        (string call, int result) = _epoll < 0 ? ("epoll_create1", _epoll)
            : _bell < 0 ? ("eventfd", _bell)
            : ("epoll_ctl", Add(_bell, BellTag));
        if (result < 0)
        {
            Dispose();
            throw new IOException($"{call}: {Errno.Text(-result)}");
        }
    }

    /// <remarks>An interrupted wait has no events.</remarks>
    internal override int Wait(int timeoutMs) => Math.Max(Epoll.epoll_wait(_epoll, _events, timeoutMs), 0);

    internal override void Tell(EventLoop loop, int eventCount)
    {
        for (int index = 0; index < eventCount; index++)
        {
            ulong tag = _events.DataAt(index);
            if (tag != BellTag)
            {
                Note(loop, ChannelEventsOf(_events.EventsAt(index)), tag);
            }
        }
    }

    internal override void Ring() => Files.write(_bell, [1, 0, 0, 0, 0, 0, 0, 0]);

    internal override int Add(int descriptor, ulong tag) => Control(Epoll.EPOLL_CTL_ADD, descriptor, InputEvents, tag);

    internal override int ChangeTag(int descriptor, ulong tag) => Control(Epoll.EPOLL_CTL_MOD, descriptor, InputEvents, tag);

    internal override int WatchHandshake(int descriptor, int slot) =>
        Control(Epoll.EPOLL_CTL_MOD, descriptor, InputEvents | Epoll.EPOLLOUT, HandshakeTag + (ulong)slot);

    internal override int AddAttempt(int descriptor, int slot) =>
        Control(Epoll.EPOLL_CTL_ADD, descriptor, Epoll.EPOLLOUT | Epoll.EPOLLET, AttemptTag + (ulong)slot);

    internal override void Remove(int descriptor) => _ = Control(Epoll.EPOLL_CTL_DEL, descriptor, 0, 0);

    public override void Dispose()
    {
        if (_bell >= 0)
        {
            Files.close(_bell);
        }
        if (_epoll >= 0)
        {
            Files.close(_epoll);
        }
        _bell = _epoll = -1;
        _events.Dispose();
    }

    protected override int Change(int descriptor, ulong tag, bool hasOutput) =>
        Control(Epoll.EPOLL_CTL_MOD, descriptor, hasOutput ? InputEvents | Epoll.EPOLLOUT : InputEvents, tag);

    /// <summary>The events of a channel in epoll's bits. An error or a hang-up ends every wait: the next call tells.</summary>
    private static ChannelEvents ChannelEventsOf(uint bits)
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

    private int Control(int operation, int descriptor, uint events, ulong tag) =>
        Epoll.epoll_ctl(_epoll, operation, descriptor, events, tag);
}
