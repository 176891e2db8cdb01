using System.Runtime.CompilerServices;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Observability;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Engine.Sampling;

/// <summary>
/// Looks at some of the commands that have run, to know which keys are hot. How many are passed over before the next is drawn so that each
/// has the same chance (a geometric distribution): a command that is passed over costs a decrement and a branch. While somebody tracks hot
/// keys (HOTKEYS START), or somebody else wants to know of all, every command is looked at.
/// </summary>
public sealed class RequestSampler
{
    private readonly Random _random = new();
    private readonly List<KeyPosition> _found = [];
    private readonly IClock _clock;

    /// <summary>Commands that are passed over before the next look.</summary>
    private long _left;

    /// <summary>Commands that are passed over before the next sample.</summary>
    private long _untilSample;

    /// <summary>The commands for which the next sample stands.</summary>
    private long _weight = 1;

    public RequestSampler(IClock clock, ulong seed)
    {
        _clock = clock;
        HotKeys = new HotKeys(clock, seed);
    }

    /// <summary>The keys that it has found.</summary>
    public HotKeys HotKeys { get; }

    /// <summary>The last keys that were sampled.</summary>
    public RecentKeys Recent { get; } = new();

    /// <summary>Told how long the requests of clients took that were sampled.</summary>
    public ClientStatistics Clients { get; } = new();

    /// <summary>The tracking that HOTKEYS START has begun; null where it has not, or was reset.</summary>
    public HotKeyTracking? Tracking { get; private set; }

    /// <summary>It samples; otherwise it looks at nothing unless somebody tracks.</summary>
    public bool IsOn
    {
        get;
        set
        {
            field = value;
            Draw();
        }
    } = true;

    /// <summary>Every command is looked at, whatever is sampled of them.</summary>
    public bool LooksAtAll
    {
        get;
        set
        {
            field = value;
            Draw();
        }
    }

    private bool IsTracking => Tracking is { IsActive: true };

    private bool PassesNone => LooksAtAll || IsTracking;

    public void Start(HotKeyTrackingOptions options)
    {
        Tracking = new HotKeyTracking(options, _clock);
        _left = 0;
    }

    public void Stop() => Tracking?.Stop();

    /// <summary>Forgets all hot keys.</summary>
    public void Reset()
    {
        Tracking = null;
        HotKeys.Reset();
        Recent.Clear();
        Draw();
    }

    /// <summary>Whether the command that has run is to be looked at, to be asked once for each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsNext() => --_left < 0;

    /// <summary>Looks at the command.</summary>
    internal void Look(Session session, KeySpecs keys, in LoggedRequest request, long durationUs, in MessageSizes sizes)
    {
        bool isTracking = IsTracking;
        bool isSampled = IsOn && (!PassesNone || --_untilSample < 0);
        bool isOfClient = sizes.RequestMax > 0;
        if (isOfClient && (isSampled || isTracking) && keys.Specs.Count > 0 && keys.Find(request.Arguments, _found) && _found.Count > 0)
        {
            var spent = new Spent(durationUs, request.MessageSize + sizes.Reply);
            isTracking = isTracking && Tracking!.Note(request.Arguments[_found[0].Index].Bytes, spent);
            Tell(session, request, isSampled, isTracking, spent.Share(_found.Count));
        }
        if (isSampled)
        {
            if (isOfClient)
            {
                Clients.Sample(session, durationUs, _weight);
            }
            Draw();
        }
        if (PassesNone)
        {
            _left = 0;
        }
    }

    /// <summary>To be called ten times a second.</summary>
    public void Tick(long nowUs) => HotKeys.Tick(nowUs);

    private void Tell(Session session, in LoggedRequest request, bool isSampled, bool isTracking, Spent share)
    {
        int database = session.Database.Number;
        ReadOnlySpan<Argument> arguments = request.Arguments;
        foreach (KeyPosition position in _found)
        {
            ReadOnlySpan<byte> key = arguments[position.Index].Bytes;
            ulong hash = session.Database.HashOf(key);
            if (isSampled)
            {
                HotKeys.Note(hash, database, key, _weight, share.Bytes);
                Recent.Add(database, key, _weight, _clock.MonotonicUs);
            }
            if (isTracking)
            {
                Tracking!.NoteKey(hash, database, key, share);
            }
        }
    }

    private void Draw()
    {
        _weight = HotKeys.Ratio;
        _untilSample = _weight == 1 ? 0 : (long)(Math.Log(1 - _random.NextDouble()) / Math.Log(1 - (1.0 / _weight)));
        _left = PassesNone ? 0 : IsOn ? _untilSample : long.MaxValue;
    }
}
