using Bixbite.Engine.Propagation;
using Bixbite.Logging;
using Bixbite.Persistence.Saving;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// The append only log of this server: begins it at the start, switches it on and off (appendonly), and looks after it. All of it under the
/// execution lock.
/// <code>
///   Off ── switched on ──> Starting ── its first rewrite is in force ──> On ── switched off ──> Off
/// </code>
/// While it is starting the log is written, but counts only once its base is in force: a crash before that finds what was there before.
/// </summary>
public sealed class AofControl : IDisposable
{
    private const int RestMs = 100;

    private readonly AofWriter _log;
    private readonly AofRewrite _rewrite;
    private readonly DurabilityWaits _waits;
    private readonly SnapshotJobs _jobs;
    private readonly Propagator _propagator;
    private readonly AofSettings _settings;
    private readonly SavingTools _tools;
    private AofFiles? _files;
    private bool _isStarting;
    private bool _isAttached;

    public AofControl(
        AofWriter log, AofRewrite rewrite, DurabilityWaits waits, SnapshotJobs jobs, Propagator propagator,
        AofSettings settings, SavingTools tools)
    {
        _log = log;
        _rewrite = rewrite;
        _waits = waits;
        _jobs = jobs;
        _propagator = propagator;
        _settings = settings;
        _tools = tools;
        _rewrite.Failed = RestartIfStarting;
    }

    /// <summary>It is written, or about to be.</summary>
    public bool IsOn => _log.IsOpen || _isStarting;

    /// <summary>Its first base is not in force yet: ending now would lose everything that was changed since it was switched on.</summary>
    public bool IsStarting => _isStarting;

    /// <summary>A rewrite is wanted as soon as no snapshot is being saved.</summary>
    public bool IsRewriteScheduled => _rewrite.IsScheduled || (_isStarting && !_rewrite.IsRunning);

    /// <summary>For tests: a rest of so many microseconds before each write.</summary>
    public int WriteDelayUs
    {
        set => _log.WriteDelayUs = value;
    }

    /// <summary>Begins to count anew (CONFIG RESETSTAT).</summary>
    public void ResetStatistics() => _log.ResetStatistics();

    /// <summary>It goes on behind what was loaded; null, or what failed: then nothing would be kept.</summary>
    public string? Begin(AofManifest manifest, AofDirectory folder)
    {
        AofFiles files = _files = new AofFiles(folder, _settings, _tools.Log);
        files.Take(manifest);
        if (manifest.IsEmpty)
        {
            string path = files.NextBasePath(_settings.Rewrite.HasPreamble.Value);
            _tools.Log.Write(LogLevel.Notice, $"Creating AOF base file {path} on server start");
            if (_rewrite.CreateBase(files) is { } problem)
            {
                return problem;
            }
        }
        OpenIncrement increment = files.OpenLast();
        if (increment.Problem is not null)
        {
            return increment.Problem;
        }
        files.DeleteHistory();
        long sizeBefore = files.SizeBeforeLast();
        _log.TryContinue(increment.File!, increment.Path, increment.Size, sizeBefore);
        _rewrite.Facts.BaseSize = _log.Size;
        Attach();
        _waits.IsInForce = true;
        _tools.Log.Write(
            LogLevel.Notice, $"{(increment.Size == 0 ? "Creating" : "Opening")} AOF incr file {increment.Path} on server start");
        return null;
    }

    /// <summary>Begins to write a log of what there is now and what follows; null, or why that cannot be.</summary>
    public string? SwitchOn()
    {
        if (IsOn)
        {
            return null;
        }
        AofFiles files = Files();
        if (files.Open() is { } problem)
        {
            _tools.Log.Write(LogLevel.Warning, $"The append only log cannot be switched on: {problem}.");
            return "Unable to turn on AOF. Check server logs.";
        }
        _isStarting = true;
        Tick();
        return null;
    }

    /// <summary>
    /// Makes the log short again: now, or where <paramref name="isLater"/> as soon as may be. False if it is known already that it fails.
    /// </summary>
    public bool TryRewrite(bool isLater)
    {
        if (!isLater && Files().TakeFolder() is { } problem)
        {
            _rewrite.Refuse(problem);
            return false;
        }
        _rewrite.Schedule();
        if (!isLater)
        {
            Tick();
        }
        return true;
    }

    /// <summary>Deletes what rewrites have left, if that is wanted now.</summary>
    public void DeleteHistory()
    {
        if (_log.IsOpen && !_rewrite.IsRunning)
        {
            Files().DeleteHistory();
        }
    }

    /// <summary>Ends the log with all that was appended.</summary>
    public void SwitchOff()
    {
        if (!IsOn)
        {
            return;
        }
        bool wasStarting = _isStarting;
        _isStarting = false;
        _rewrite.Cancel();
        Detach();
        string path = _log.Path;
        bool isDurable = _log.Close();
        if (wasStarting && path.Length > 0)
        {
            _tools.Disk.Delete(path);
        }
        else if (!isDurable)
        {
            _tools.Log.Write(LogLevel.Warning, "The end of the append only log could not be written: it lacks the latest changes.");
        }
        Dispose();
        _waits.Refuse();
    }

    /// <summary>Makes changes that the log holds already.</summary>
    public void RunUnlogged(Action change)
    {
        bool wasAttached = _isAttached;
        Detach();
        change();
        if (wasAttached)
        {
            Attach();
        }
    }

    /// <summary>Does what is due; returns the milliseconds until it wants to be called again.</summary>
    public int Tick()
    {
        _log.IsSyncSuspended = _settings.Rewrite.IsFsyncSuspended.Value && _jobs.IsRunning;
        _log.Tick();
        _waits.Serve();
        if (_isStarting && _isAttached && !_rewrite.IsRunning)
        {
            _isStarting = false;
            _waits.IsInForce = true;
        }
        if (!IsOn && !_rewrite.IsRunning && !_rewrite.IsScheduled)
        {
            Dispose();
            return RestMs;
        }
        bool wantsStart = _isStarting && !_isAttached;
        return _rewrite.Tick(Files(), wantsStart ? Attach : null);
    }

    /// <summary>Ends a rewrite, and makes everything durable that was appended, while everybody waits; false if that failed.</summary>
    public bool Finish()
    {
        _rewrite.Cancel();
        return _log.TryFinish();
    }

    /// <summary>Lets go of the folder, which is looked for anew when it is needed: it may be elsewhere by then.</summary>
    public void Dispose()
    {
        _files?.Dispose();
        _files = null;
    }

    private AofFiles Files() => _files ??= new AofFiles(
        new AofDirectory(_tools.Disk, _tools.Disk.Full(_settings.FolderName.Value), _settings.FileName.Value),
        _settings,
        _tools.Log);

    private void Attach()
    {
        _isAttached = true;
        _propagator.Attach(_log);
    }

    private void Detach()
    {
        if (_isAttached)
        {
            _isAttached = false;
            _propagator.Detach(_log);
        }
    }

    /// <summary>Without its first base a log is none: it begins anew.</summary>
    private void RestartIfStarting()
    {
        if (_isStarting)
        {
            Detach();
            _log.Close();
        }
    }
}
