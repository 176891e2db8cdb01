using System.Globalization;

namespace Bixbite.Launcher.Supervision;

/// <summary>
/// Tells systemd that the server is ready, what it does, and, where the unit has a watchdog, that it lives. A timer's thread sends: long
/// work of the loops, as the last snapshot, must not look like a dead server, and gets the time that it needs.
/// <code>
///   loading ............. ready .................................. ending ......... over
///   more time, more time  READY    alive  alive  alive  alive      more time        STOPPING
/// </code>
/// </summary>
internal sealed class SystemdNotices : IDisposable
{
    /// <summary>The loop beats ten times a second.</summary>
    private const int PeriodMinMs = 250;

    private const int PeriodMaxMs = 10_000;
    private const string MoreTime = "EXTEND_TIMEOUT_USEC=60000000";
    private const string Alive = "WATCHDOG=1";
    private const string Ready = "STATUS=Ready to accept connections";
    private const string Stuck = "STATUS=The server does not answer: its first loop is held up";

    private readonly NoticeSocket _socket;
    private readonly Heartbeat _heartbeat;
    private readonly Func<bool> _isEnding;
    private readonly bool _hasWatchdog;
    private readonly Timer _timer;
    private volatile bool _isReady;
    private bool _isStuck;

    /// <param name="socket">Disposed with it.</param>
    /// <param name="heartbeat">The server's.</param>
    /// <param name="isEnding">The server brings its data to the disk and ends.</param>
    /// <param name="watchdogUs">The server is killed after so many microseconds without a sign of life; 0 for never.</param>
    public SystemdNotices(NoticeSocket socket, Heartbeat heartbeat, Func<bool> isEnding, long watchdogUs)
    {
        _socket = socket;
        _heartbeat = heartbeat;
        _isEnding = isEnding;
        _hasWatchdog = watchdogUs > 0;
        long periodMs = _hasWatchdog ? Math.Clamp(watchdogUs / 2000, PeriodMinMs, PeriodMaxMs) : PeriodMaxMs;
        _socket.Send("STATUS=Loading the data");
        _timer = new Timer(_ => Tick(), null, 0, periodMs);
    }

    /// <summary>How often the environment wants a sign of life, in microseconds; 0 if it wants none of this process.</summary>
    public static long WatchdogUsOf(Func<string, string?> environment)
    {
        bool isOurs = environment("WATCHDOG_PID") is not { } process
            || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isOurs && long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long us) ? us : 0;
    }

    /// <summary>Clients are served from now on. Any thread.</summary>
    public void NoteReady()
    {
        _isReady = true;
        _socket.Send($"READY=1\n{Ready}");
    }

    /// <summary>The server serves no more.</summary>
    public void Dispose()
    {
        using ManualResetEvent over = new(false);
        if (_timer.Dispose(over))
        {
            over.WaitOne();
        }
        _socket.Send("STOPPING=1\nSTATUS=Ending");
        _socket.Dispose();
    }

    private void Tick()
    {
        bool mayBeLong = !_isReady || _isEnding();
        if (mayBeLong)
        {
            _socket.Send(MoreTime);
        }
        bool isStuck = !_heartbeat.HasBeaten() && !mayBeLong;
        if (isStuck != _isStuck)
        {
            _isStuck = isStuck;
            _socket.Send(isStuck ? Stuck : Ready);
        }
        if (_hasWatchdog && !isStuck)
        {
            _socket.Send(Alive);
        }
    }
}
