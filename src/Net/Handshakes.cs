using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>
/// The channels of a loop that have not agreed with their peers yet: who may go on, and who is too late. Nobody else waits for them: in a
/// round they get a slice of time, the newest first. docs/TLS.md tells why. The loop's thread only, but for <see cref="HasRoom"/>.
/// </summary>
internal sealed class Handshakes : IDisposable
{
    /// <summary>So many at a time; a new one takes the place of the oldest that waits for its peer.</summary>
    internal const int CountMax = 1000;

    /// <summary>Of these, so many that have begun, and so have memory within the library that encrypts.</summary>
    internal const int UnderWayMax = 250;

    /// <summary>The steps of a round: at least one, and as many as fit into this time.</summary>
    internal const int SliceUs = 500;
    internal const int StepsPerRoundMax = 16;

    private const int DefaultTimeoutMs = 10_000;

    /// <summary>A stack of those that can go on holds no more, with some that are over.</summary>
    private const int ReadyCountMax = 4 * CountMax;

    private readonly EventLoop _loop;
    private readonly Poller _poller;
    private readonly IClock _clock;
    private readonly ChannelWorkspace _workspace;
    private readonly List<Handshake?> _table = [];
    private readonly Stack<int> _freeSlots = [];
    private readonly Stack<Handshake> _begun = [];
    private readonly Stack<Handshake> _fresh = [];
    private Handshake? _oldest;
    private Handshake? _newest;
    private Counts _counts = new() { TimeoutMs = DefaultTimeoutMs };

    internal Handshakes(EventLoop loop, Poller poller, IClock clock)
    {
        _loop = loop;
        _poller = poller;
        _clock = clock;
        _workspace = new ChannelWorkspace(loop.Heap, loop.Workspace);
    }

    /// <summary>Milliseconds from the accept until it has to be done. Any thread.</summary>
    internal int TimeoutMs
    {
        get => Volatile.Read(ref _counts.TimeoutMs);
        set => Volatile.Write(ref _counts.TimeoutMs, value);
    }

    /// <summary>Handshakes that are not over. Any thread.</summary>
    internal int Count => Volatile.Read(ref _counts.All);

    /// <summary>
    /// True if one more makes sense: false while all the places are taken by some that only wait for their turn. Any thread.
    /// </summary>
    internal bool HasRoom => Count < CountMax || Volatile.Read(ref _counts.Ready) < CountMax;

    /// <summary>Some can go on now.</summary>
    internal bool HasReady => _counts.Ready > 0;

    /// <summary>When the oldest is too late; long.MaxValue if there is none.</summary>
    internal long DueUs => _oldest is null ? long.MaxValue : DeadlineOf(_oldest);

    /// <summary>Takes over a channel, which the handler serves when it has agreed with its peer; null if it cannot be watched.</summary>
    internal Handshake? Begin(ByteChannel channel, IConnectionHandler handler, ConnectAttempt? origin)
    {
        if (Count >= CountMax)
        {
            DropOldest(static handshake => !handshake.IsReady);
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
        Handshake handshake = new(this, channel, handler, origin) { Slot = slot, StartedUs = _clock.MonotonicUs, Older = _newest };
        _table[slot] = handshake;
        if (_newest is null)
        {
            _oldest = handshake;
        }
        else
        {
            _newest.Newer = handshake;
        }
        _newest = handshake;
        _counts.All++;
        channel.Attach(handshake);
        if (origin is not null)
        {
            Wake(handshake);
        }
        return handshake;
    }

    /// <summary>An event has come at a descriptor.</summary>
    internal void Mark(ulong tag)
    {
        if (_table[(int)(tag - Poller.HandshakeTag)] is { } handshake)
        {
            Wake(handshake);
        }
    }

    internal void Wake(Handshake handshake)
    {
        if (handshake.Slot < 0 || handshake.IsReady)
        {
            return;
        }
        handshake.IsReady = true;
        _counts.Ready++;
        Stack<Handshake> ready = handshake.IsUnderWay ? _begun : _fresh;
        if (ready.Count >= ReadyCountMax)
        {
            Sweep(ready);
        }
        ready.Push(handshake);
    }

    internal bool Post(Action action) => _loop.Post(action);

    /// <summary>Makes some steps, and gives up who is too late. What is under way comes before what is new.</summary>
    internal void Run(long nowUs)
    {
        while (_oldest is { } oldest && nowUs >= DeadlineOf(oldest))
        {
            GiveUp(oldest, HandshakeOutcome.TimedOut);
        }
        long endUs = _clock.MonotonicUs + SliceUs;
        for (int left = StepsPerRoundMax; left > 0 && TryTake(out Handshake? handshake); left--)
        {
            Step(handshake);
            if (_clock.MonotonicUs >= endUs)
            {
                return;
            }
        }
    }

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
        while (_oldest is { } oldest)
        {
            GiveUp(oldest, HandshakeOutcome.Dropped);
        }
        _begun.Clear();
        _fresh.Clear();
    }

    /// <summary>Gives back the descriptors, and tells nobody.</summary>
    internal void Abandon()
    {
        for (Handshake? handshake = _oldest; handshake is not null; handshake = handshake.Newer)
        {
            handshake.Channel.Close();
        }
    }

    public void Dispose() => _workspace.Dispose();

    /// <summary>Takes out those that are over: while newer ones keep coming nobody gets to them.</summary>
    private static void Sweep(Stack<Handshake> ready)
    {
        Handshake[] left = [.. ready.Where(static handshake => handshake.Slot >= 0)];
        ready.Clear();
        foreach (Handshake handshake in left.Reverse())
        {
            ready.Push(handshake);
        }
    }

    private long DeadlineOf(Handshake handshake) => handshake.StartedUs + (TimeoutMs * 1000L);

    private bool TryTake([NotNullWhen(true)] out Handshake? handshake)
    {
        while (_begun.TryPop(out handshake) || _fresh.TryPop(out handshake))
        {
            if (handshake.Slot >= 0)
            {
                handshake.IsReady = false;
                _counts.Ready--;
                return true;
            }
        }
        return false;
    }

    private void Step(Handshake handshake)
    {
        ChannelNext next = handshake.Channel.Handshake(_workspace);
        NoteBegun(handshake);
        switch (next)
        {
            case ChannelNext.Ready when !handshake.Channel.NeedsHandshake:
                Finish(handshake);
                break;
            case ChannelNext.Ready:
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

    /// <summary>The first step that took bytes has made it one of those that have memory; too many are not kept.</summary>
    private void NoteBegun(Handshake handshake)
    {
        if (handshake.IsUnderWay || !handshake.Channel.HasBegunHandshake)
        {
            return;
        }
        handshake.IsUnderWay = true;
        if (++_counts.UnderWay > UnderWayMax)
        {
            DropOldest(static other => other.IsUnderWay);
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

    private void DropOldest(Predicate<Handshake> isChosen)
    {
        for (Handshake? handshake = _oldest; handshake is not null; handshake = handshake.Newer)
        {
            if (isChosen(handshake))
            {
                GiveUp(handshake, HandshakeOutcome.Dropped);
                return;
            }
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
        if (handshake.Older is { } older)
        {
            older.Newer = handshake.Newer;
        }
        else
        {
            _oldest = handshake.Newer;
        }
        if (handshake.Newer is { } newer)
        {
            newer.Older = handshake.Older;
        }
        else
        {
            _newest = handshake.Older;
        }
        if (handshake.IsReady)
        {
            handshake.IsReady = false;
            _counts.Ready--;
        }
        if (handshake.IsUnderWay)
        {
            _counts.UnderWay--;
        }
        _counts.All--;
    }

    /// <summary>Numbers of the table.</summary>
    private struct Counts
    {
        internal int All;
        internal int Ready;
        internal int UnderWay;
        internal int TimeoutMs;
    }
}
