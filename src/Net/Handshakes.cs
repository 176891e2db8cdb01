using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>
/// The channels of a loop that have not agreed with their peers yet: who may go on, and who is too late. Nobody else waits for them: in a
/// round they get a slice of time, the newest first. docs/TLS.md tells why. The loop's thread only, but for <see cref="HasRoom"/>.
/// </summary>
/// <remarks>
/// Each is in the list of all, the oldest first, and in one of these:
/// <code>
///   silent    the peer has said nothing yet, and nothing is kept for it            first: the oldest
///   fresh     it has, and waits for its turn                                       last: the newest, whose turn is next
///   waiting   under way, and the peer is to go on                                  first: who has waited longest
///   begun     under way, and it has gone on                                        last: whose turn is next, before all fresh ones
/// </code>
/// </remarks>
internal sealed class Handshakes : IDisposable
{
    /// <summary>So many at a time.</summary>
    internal const int CountMax = 4096;

    /// <summary>Of these, so many that have begun, and so have memory within the library that encrypts.</summary>
    internal const int UnderWayMax = 1000;

    /// <summary>
    /// A peer that has said nothing for so long gives its place to a newer one where all are taken; before that the newer ones wait in the
    /// kernel's backlog.
    /// </summary>
    internal const int SilencePatienceUs = 100_000;

    /// <summary>The same for one that has begun.</summary>
    internal const int PatienceUs = 1_000_000;

    /// <summary>The steps of a round: at least one, and as many as fit into this time.</summary>
    internal const int SliceUs = 500;
    internal const int StepsPerRoundMax = 16;

    private const int DefaultTimeoutMs = 10_000;

    private readonly EventLoop _loop;
    private readonly Poller _poller;
    private readonly IClock _clock;
    private readonly List<Handshake?> _table = [];
    private readonly Stack<int> _freeSlots = [];
    private readonly LinkedList<Handshake> _all = new();
    private readonly LinkedList<Handshake> _silent = new();
    private readonly LinkedList<Handshake> _fresh = new();
    private readonly LinkedList<Handshake> _waiting = new();
    private readonly LinkedList<Handshake> _begun = new();
    private Shared _shared = new() { TimeoutMs = DefaultTimeoutMs, RoomFromUs = long.MaxValue };

    internal Handshakes(EventLoop loop, Poller poller, IClock clock)
    {
        _loop = loop;
        _poller = poller;
        _clock = clock;
        Workspace = new ChannelWorkspace(loop.Heap, loop.Workspace);
    }

    /// <summary>Shared by the channels of the loop, also when they are connections.</summary>
    internal ChannelWorkspace Workspace { get; }

    /// <summary>Milliseconds from the accept until it has to be done. Any thread.</summary>
    internal int TimeoutMs
    {
        get => Volatile.Read(ref _shared.TimeoutMs);
        set => Volatile.Write(ref _shared.TimeoutMs, value);
    }

    /// <summary>Handshakes that are not over. Any thread.</summary>
    internal int Count => Volatile.Read(ref _shared.Count);

    /// <summary>One more may come: there is a place, or somebody who has been silent for long. Any thread.</summary>
    internal bool HasRoom => Count < CountMax || _clock.MonotonicUs >= Volatile.Read(ref _shared.RoomFromUs);

    private int UnderWayCount => _waiting.Count + _begun.Count;

    /// <summary>Some can go on now.</summary>
    internal bool HasReady(long nowUs) => _begun.Count > 0 || (_fresh.Count > 0 && nowUs >= BeginFromUs);

    /// <summary>When the oldest is too late, or a fresh one can begin; long.MaxValue if nothing is due.</summary>
    internal long DueUs
    {
        get
        {
            long dueUs = _all.First is { } oldest ? DeadlineOf(oldest.Value) : long.MaxValue;
            return _fresh.Count > 0 ? Math.Min(dueUs, BeginFromUs) : dueUs;
        }
    }

    /// <summary>When one more may begin, if none ends before.</summary>
    private long BeginFromUs => UnderWayCount < UnderWayMax ? 0
        : LongestWaiting is { } longest ? longest.BegunUs + PatienceUs
        : long.MaxValue;

    /// <summary>Of those that others have begun; what this side has begun gives its place to nobody.</summary>
    private Handshake? LongestWaiting
    {
        get
        {
            LinkedListNode<Handshake>? node = _waiting.First;
            while (node is { Value.Origin: not null })
            {
                node = node.Next;
            }
            return node?.Value;
        }
    }

    /// <summary>Takes over a channel, which the handler serves when it has agreed with its peer; null if it cannot be watched.</summary>
    internal Handshake? Begin(ByteChannel channel, IConnectionHandler handler, ConnectAttempt? origin)
    {
        if (_all.Count >= CountMax && _silent.First is { } oldest)
        {
            GiveUp(oldest.Value, HandshakeOutcome.Dropped);
        }
        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _table.Count;
            _table.Add(null);
        }
        if (channel.Descriptor >= 0 && _poller.Add(channel.Descriptor, Poller.HandshakeTag + (ulong)slot) < 0)
        {
            _freeSlots.Push(slot);
            channel.HandshakeEnded(HandshakeOutcome.Dropped);
            channel.Close();
            return null;
        }
        Handshake handshake = new(this, channel, handler, origin) { Slot = slot, StartedUs = _clock.MonotonicUs };
        _table[slot] = handshake;
        _all.AddLast(handshake.AmongAll);
        // This side has the first word then, and does not wait for its turn.
        (origin is null ? _silent : _begun).AddLast(handshake.AmongAlike);
        Publish();
        channel.Attach(handshake);
        return handshake;
    }

    /// <summary>An event has come at a descriptor.</summary>
    internal void Mark(ulong tag, ChannelEvents events)
    {
        if (_table[(int)(tag - Poller.HandshakeTag)] is { } handshake)
        {
            Note(handshake, events);
        }
    }

    internal void Note(Handshake handshake, ChannelEvents events)
    {
        handshake.HasPeerEnded |= (events & ChannelEvents.PeerEnded) != 0;
        Wake(handshake);
    }

    internal void Wake(Handshake handshake)
    {
        LinkedList<Handshake>? list = handshake.AmongAlike.List;
        if (list == _silent)
        {
            Move(handshake, _fresh);
        }
        else if (list == _waiting)
        {
            Move(handshake, _begun);
        }
    }

    internal bool Post(Action action) => _loop.Post(action);

    /// <summary>Makes some steps, and gives up who is too late. What is under way comes before what is new.</summary>
    internal void Run(long nowUs)
    {
        while (_all.First is { } oldest && nowUs >= DeadlineOf(oldest.Value))
        {
            GiveUp(oldest.Value, HandshakeOutcome.TimedOut);
        }
        long endUs = _clock.MonotonicUs + SliceUs;
        for (int left = StepsPerRoundMax; left > 0 && TryTake(nowUs, out Handshake? handshake); left--)
        {
            Step(handshake, nowUs);
            if (_clock.MonotonicUs >= endUs)
            {
                return;
            }
        }
    }

    /// <summary>Once a second: channels that are at rest give back what only channels in use need.</summary>
    internal void CoolUnused() => Workspace.Warm.CoolUnused();

    /// <summary>Closes it; its attempt knows.</summary>
    internal void Drop(Handshake handshake)
    {
        if (handshake.Slot >= 0)
        {
            Remove(handshake);
            handshake.Channel.HandshakeEnded(HandshakeOutcome.Dropped);
            handshake.Channel.Close();
        }
    }

    /// <summary>Closes whatever is under way.</summary>
    internal void End()
    {
        while (_all.First is { } oldest)
        {
            GiveUp(oldest.Value, HandshakeOutcome.Dropped);
        }
    }

    /// <summary>Gives back the descriptors, and tells nobody.</summary>
    internal void Abandon()
    {
        foreach (Handshake handshake in _all)
        {
            handshake.Channel.Close();
        }
    }

    public void Dispose() => Workspace.Dispose();

    private static void Move(Handshake handshake, LinkedList<Handshake> list)
    {
        handshake.AmongAlike.List!.Remove(handshake.AmongAlike);
        list.AddLast(handshake.AmongAlike);
    }

    private long DeadlineOf(Handshake handshake) => handshake.StartedUs + (TimeoutMs * 1000L);

    private bool TryTake(long nowUs, [NotNullWhen(true)] out Handshake? handshake)
    {
        handshake = _begun.Last?.Value;
        if (handshake is null && nowUs >= BeginFromUs)
        {
            handshake = _fresh.Last?.Value;
        }
        return handshake is not null;
    }

    private void Step(Handshake handshake, long nowUs)
    {
        bool hasBegun = handshake.AmongAlike.List == _begun;
        if (!hasBegun && UnderWayCount >= UnderWayMax)
        {
            GiveUp(LongestWaiting!, HandshakeOutcome.Dropped);
        }
        // Whoever has not said enough to begin is as good as silent.
        Move(handshake, hasBegun ? _waiting : _silent);
        ChannelNext next = handshake.Channel.Handshake(Workspace);
        if (!hasBegun && handshake.Channel.HasBegunHandshake)
        {
            handshake.BegunUs = nowUs;
            Move(handshake, _waiting);
        }
        Publish();
        switch (next)
        {
            case ChannelNext.Ready when !handshake.Channel.NeedsHandshake:
                Finish(handshake);
                break;
            case ChannelNext.Ready:
            case ChannelNext.Readable when handshake.HasPeerEnded:
                Wake(handshake);
                break;
            case ChannelNext.Readable:
                break;
            case ChannelNext.Writable:
                WatchOutput(handshake);
                break;
            default:
                GiveUp(handshake, HandshakeOutcome.Failed);
                break;
        }
    }

    private void Finish(Handshake handshake)
    {
        Remove(handshake);
        handshake.Channel.HandshakeEnded(HandshakeOutcome.Done);
        if (handshake.Origin is { } origin)
        {
            origin.Agreed(handshake.Channel);
        }
        else
        {
            _loop.OpenAgreed(handshake.Channel, handshake.Handler);
        }
    }

    /// <summary>Room is announced from now on; at once if there is some by now.</summary>
    private void WatchOutput(Handshake handshake)
    {
        if (handshake.WatchesOutput || handshake.Channel.Descriptor < 0)
        {
            return;
        }
        handshake.WatchesOutput = true;
        if (_poller.WatchHandshake(handshake.Channel.Descriptor, handshake.Slot) < 0)
        {
            GiveUp(handshake, HandshakeOutcome.Failed);
        }
    }

    private void GiveUp(Handshake handshake, HandshakeOutcome outcome)
    {
        if (handshake.Slot < 0)
        {
            return;
        }
        Remove(handshake);
        handshake.Channel.HandshakeEnded(outcome);
        string reason = handshake.Channel.HandshakeFailure;
        if (outcome == HandshakeOutcome.Failed)
        {
            // So that the peer gets what it was told last.
            handshake.Channel.EndWriting();
        }
        handshake.Channel.Close();
        handshake.Origin?.Disagreed(outcome, reason);
    }

    private void Remove(Handshake handshake)
    {
        Debug.Assert(_table[handshake.Slot] == handshake);
        _table[handshake.Slot] = null;
        _freeSlots.Push(handshake.Slot);
        handshake.Slot = -1;
        _all.Remove(handshake.AmongAll);
        handshake.AmongAlike.List!.Remove(handshake.AmongAlike);
        Publish();
    }

    /// <summary>Tells other threads.</summary>
    private void Publish()
    {
        Volatile.Write(ref _shared.Count, _all.Count);
        Volatile.Write(ref _shared.RoomFromUs, _silent.First is { } oldest ? oldest.Value.StartedUs + SilencePatienceUs : long.MaxValue);
    }

    /// <summary>Numbers that other threads see.</summary>
    private struct Shared
    {
        internal int Count;
        internal int TimeoutMs;
        internal long RoomFromUs;
    }
}
