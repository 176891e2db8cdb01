using System.Diagnostics;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Types.Saving;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// The snapshots under way, whoever began them: they go on in slices between commands, one after the other. By whoever holds the execution
/// lock.
/// </summary>
public sealed class SnapshotJobs : IDisposable
{
    private readonly Databases _databases;
    private readonly SnapshotSettings _settings;
    private readonly MemorySettings _memorySettings;
    private readonly SavingTools _tools;
    private readonly SnapshotMemory _memory;
    private readonly List<SnapshotJob> _jobs = [];
    private int _next;

    public SnapshotJobs(Databases databases, SnapshotSettings settings, MemorySettings memorySettings, SavingTools tools)
    {
        _databases = databases;
        _memory = databases.Values.Saving;
        _settings = settings;
        _memorySettings = memorySettings;
        _tools = tools;
    }

    /// <summary>At least one is under way.</summary>
    public bool IsRunning => _jobs.Count > 0;

    /// <summary>Bytes that all of them take beside the data.</summary>
    public long CowBytes => IsRunning ? _memory.UsedBytes : 0;

    /// <summary>The most that they have taken.</summary>
    public long CowPeakBytes => IsRunning ? _memory.PeakBytes : 0;

    /// <summary>Keys that the oldest has handed over.</summary>
    public long TakenCount => IsRunning ? _jobs[0].TakenCount : 0;

    /// <summary>Keys that it will have handed over at its end.</summary>
    public long KeyCount => IsRunning ? _jobs[0].KeyCount : 0;

    /// <summary>Each goes on until <paramref name="isPaused"/>; true where one wants to go on at once.</summary>
    public bool Run(Func<bool> isPaused)
    {
        bool wantsMore = false;
        for (int left = _jobs.Count; left > 0; left--)
        {
            _next = _next >= _jobs.Count ? 0 : _next;
            SnapshotJob job = _jobs[_next++];
            wantsMore |= job.Run(isPaused);
            if (job.IsOver)
            {
                End(job);
            }
            if (isPaused())
            {
                return wantsMore || left > 1;
            }
        }
        return wantsMore;
    }

    /// <summary>Brings all to their ends while everybody waits.</summary>
    public void Finish()
    {
        while (IsRunning)
        {
            Finish(_jobs[0]);
        }
    }

    /// <summary>Ends all; those who began them are told that they were cancelled.</summary>
    public void Cancel()
    {
        while (IsRunning)
        {
            Cancel(_jobs[0]);
        }
    }

    /// <summary>How an RDB file is written that begins now.</summary>
    internal RdbFileOptions RdbOptions(bool isAppendOnlyBase = false) =>
        RdbFileOptions.Of(_settings, _memorySettings, _tools.Clock.UnixMs / 1000, _tools.Memory.UsedBytes, isAppendOnlyBase);

    /// <summary>Begins a snapshot of all databases as they are now.</summary>
    /// <param name="target">Where it goes; belongs to the job.</param>
    /// <param name="encoderOn">Makes the encoder that writes to what it is given.</param>
    /// <param name="ended">Told how it has ended, when it has.</param>
    internal SnapshotJob Begin(ISnapshotTarget target, Func<BlockPipe, SnapshotEncoder> encoderOn, Action<SnapshotEnd> ended)
    {
        Debug.Assert(!IsRunning, "One snapshot at a time.");
        var job = new SnapshotJob(_databases, new SnapshotOutput(target, _memory, encoderOn), _settings, _tools, ended);
        _jobs.Add(job);
        return job;
    }

    /// <summary>Brings one to its end while everybody waits.</summary>
    internal void Finish(SnapshotJob job)
    {
        job.Finish();
        End(job);
    }

    /// <summary>Ends one, and waits until its target has let go of it.</summary>
    internal void Cancel(SnapshotJob job)
    {
        job.Cancel();
        End(job);
    }

    /// <summary>Frees what snapshots use, unless a thread still reads it: that ends with the process.</summary>
    public void Dispose()
    {
        if (!IsRunning)
        {
            _memory.Aside.Dispose();
        }
    }

    private void End(SnapshotJob job)
    {
        int index = _jobs.IndexOf(job);
        _jobs.RemoveAt(index);
        _next -= index < _next ? 1 : 0;
        job.End();
    }
}
