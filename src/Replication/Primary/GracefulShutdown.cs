using System.Globalization;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Persistence;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Primary;

/// <summary>The options of SHUTDOWN, or of a signal.</summary>
/// <param name="Save">Whether a snapshot is saved.</param>
/// <param name="IsForced">It ends also where data cannot be saved.</param>
/// <param name="IsNow">It waits for no replica.</param>
public readonly record struct ShutdownRequest(ShutdownSaveWish Save, bool IsForced, bool IsNow);

/// <summary>
/// The server's end: replicas get what they lack, nobody changes anything meanwhile, and then the data is brought to the disk. Under the
/// execution lock.
/// <code>
///   Begin ──┬ a replica lacks something ── writes pause ── Run: none does, or shutdown-timeout is over ──┬ saved ── the server ends
///           └ none does, NOW, shutdown-timeout 0 ─────────────────────────────────────────────────────────┴ not saved, TryAbort ── goes on
/// </code>
/// </summary>
public sealed class GracefulShutdown
{
    private const long AskPeriodMs = 1000;

    private readonly Replicas _replicas;
    private readonly ReplicationStream _stream;
    private readonly PauseGate _pause;
    private readonly ShutdownSave _save;
    private readonly ShutdownSignal _signal;
    private readonly ServerSettings _settings;
    private readonly ServerLog _log;
    private readonly List<Action<bool>> _answers = [];
    private ShutdownRequest _request;
    private bool _isUnderWay;
    private long _deadlineMs;
    private long _askedMs;

    /// <param name="replicas">Are waited for.</param>
    /// <param name="stream">What they are to have.</param>
    /// <param name="pause">Keeps the data as it is meanwhile.</param>
    /// <param name="save">Brings it to the disk.</param>
    /// <param name="signal">Ends the server.</param>
    /// <param name="settings">How long to wait.</param>
    /// <param name="log">Told of each step.</param>
    public GracefulShutdown(
        Replicas replicas, ReplicationStream stream, PauseGate pause, ShutdownSave save, ShutdownSignal signal, ServerSettings settings,
        ServerLog log)
    {
        _replicas = replicas;
        _stream = stream;
        _pause = pause;
        _save = save;
        _signal = signal;
        _settings = settings;
        _log = log;
    }

    /// <summary>It waits for replicas.</summary>
    public bool IsWaiting => _deadlineMs != 0;

    /// <summary>Milliseconds for which it goes on waiting at most.</summary>
    public long LeftMs => Math.Max(_deadlineMs - _replicas.NowMs, 0);

    private long TimeoutMs => _settings.ShutdownTimeoutSeconds.Value * 1000L;

    /// <summary>Whether <see cref="Begin"/> does not answer before it returns: a replica lacks something, or others wait already.</summary>
    public bool MustWait(ShutdownRequest request) => _isUnderWay || (!request.IsNow && TimeoutMs > 0 && !HaveAll());

    /// <summary>
    /// Begins the end, at once or after waiting; where it has begun already, nothing of the request counts. The answer comes before the
    /// server ends, or is false where it goes on; it may come before this returns.
    /// </summary>
    public void Begin(ShutdownRequest request, Action<bool> answer)
    {
        _answers.Add(answer);
        if (_isUnderWay)
        {
            return;
        }
        bool mustWait = MustWait(request);
        _isUnderWay = true;
        _request = request;
        _log.Write(LogLevel.Notice, "User requested shutdown...");
        if (!mustWait)
        {
            Finish();
            return;
        }
        _deadlineMs = _replicas.NowMs + TimeoutMs;
        _pause.Pause(long.MaxValue, forAll: false, PausePurpose.Shutdown);
        Ask();
        _log.Write(LogLevel.Notice, "Waiting for replicas before shutting down.");
    }

    /// <summary>The server goes on, if it was about to end and waits; false if it was not.</summary>
    public bool TryAbort()
    {
        if (!IsWaiting)
        {
            return false;
        }
        Cancel();
        _log.Write(LogLevel.Notice, "Shutdown manually aborted.");
        return true;
    }

    /// <summary>Ends the server if nothing is waited for any longer; returns the milliseconds until it wants to be called again.</summary>
    internal long Run()
    {
        if (!IsWaiting)
        {
            return CronTask.Never;
        }
        if (LeftMs == 0 || HaveAll())
        {
            Finish();
            return CronTask.Never;
        }
        if (_replicas.NowMs - _askedMs >= AskPeriodMs)
        {
            Ask();
        }
        return Math.Min(LeftMs, AskPeriodMs);
    }

    private void Ask()
    {
        _askedMs = _replicas.NowMs;
        _stream.AskForAcknowledgements();
    }

    private bool HaveAll()
    {
        foreach (Replica replica in _replicas.All)
        {
            if (Lacks(replica))
            {
                return false;
            }
        }
        return true;
    }

    private bool Lacks(Replica replica) => replica.AcknowledgedEnd < _stream.ChangedEnd;

    private void Finish()
    {
        TellLagging();
        // What is not saved must not be acknowledged: from here on nobody's request runs, on no loop.
        _pause.Pause(long.MaxValue, forAll: true, PausePurpose.Shutdown);
        if (!_save.Run(_request.Save, _request.IsForced))
        {
            _log.Write(LogLevel.Warning, "Errors trying to shut down the server. Check the logs for more information.");
            Cancel();
            return;
        }
        _deadlineMs = 0;
        Answer(true);
        _signal.Request();
    }

    private void Cancel()
    {
        _isUnderWay = false;
        _deadlineMs = 0;
        _pause.End(PausePurpose.Shutdown);
        Answer(false);
    }

    private void Answer(bool ends)
    {
        Action<bool>[] answers = [.. _answers];
        _answers.Clear();
        foreach (Action<bool> answer in answers)
        {
            answer(ends);
        }
    }

    private void TellLagging()
    {
        int count = 0;
        foreach (Replica replica in _replicas.All)
        {
            if (!Lacks(replica))
            {
                count++;
                continue;
            }
            _log.Write(
                LogLevel.Notice,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Lagging replica {replica.Name} reported offset {_stream.ChangedEnd - replica.AcknowledgedEnd} behind master, "
                    + $"lag={replica.LagSeconds(_replicas.NowMs)}, state={replica.StateName}."));
        }
        if (_replicas.Count > 0)
        {
            _log.Write(
                LogLevel.Notice,
                string.Create(
                    CultureInfo.InvariantCulture, $"{count} of {_replicas.Count} replicas are in sync when shutting down."));
        }
    }
}
