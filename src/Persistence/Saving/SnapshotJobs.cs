using System.Diagnostics;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Types.Saving;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// The snapshots under way, whoever began them: they go on in slices between commands, one after the other. Each shows the data as it was
/// when that one began. By whoever holds the execution lock.
/// <code>
///   lanes   | a file: BGSAVE, SAVE | a file: BGREWRITEAOF | for receivers | for receivers |
/// </code>
/// Nothing below makes files wait for each other: that BGSAVE and BGREWRITEAOF do is Redis' rule, which their commands keep.
/// </summary>
public sealed class SnapshotJobs : IDisposable
{
    /// <summary>So many make a file at a time: who saves does not begin a second one, nor does who rewrites the log.</summary>
    private const int FileCountMax = 2;

    private readonly Databases _databases;
    private readonly AccessClock _access;
    private readonly SnapshotSettings _settings;
    private readonly MemorySettings _memorySettings;
    private readonly SavingTools _tools;
    private readonly SnapshotMemories _memories;
    private readonly List<SnapshotJob> _jobs = [];
    private int _next;

    public SnapshotJobs(
        Databases databases, AccessClock access, SnapshotSettings settings, MemorySettings memorySettings, SavingTools tools)
    {
        _databases = databases;
        _access = access;
        _memories = databases.Values.Saving;
        _settings = settings;
        _memorySettings = memorySettings;
        _tools = tools;
    }

    /// <summary>At least one is under way.</summary>
    public bool IsRunning => _jobs.Count > 0;

    /// <summary>At least one that is to make a file is under way.</summary>
    public bool IsWritingFile => _jobs.Exists(static job => job.IsFile);

    /// <summary>One more that goes to receivers may begin: two at a time, so that a file can be begun at any time.</summary>
    public bool HasRoomForReceivers => _jobs.Count(static job => !job.IsFile) < SnapshotMemories.CountMax - FileCountMax;

    /// <summary>Bytes that all of them take beside the data.</summary>
    public long CowBytes => IsRunning ? _memories.UsedBytes : 0;

    /// <summary>The most that they have taken, never less than <see cref="CowBytes"/>.</summary>
    public long CowPeakBytes => IsRunning ? _memories.PeakBytes : 0;

    /// <summary>Keys that the one has handed over that INFO shows.</summary>
    public long TakenCount => Shown?.TakenCount ?? 0;

    /// <summary>Keys that it will have handed over at its end.</summary>
    public long KeyCount => Shown?.KeyCount ?? 0;

    /// <summary>The oldest that makes a file, or the oldest.</summary>
    private SnapshotJob? Shown => _jobs.Find(static job => job.IsFile) ?? _jobs.FirstOrDefault();

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

    /// <summary>Where the stream to replicas is now; null without one, or where changes were made of which it does not tell yet.</summary>
    public Func<StreamPlace?> Place { private get; set; } = static () => null;

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

    /// <summary>Makes the bytes of an RDB file that begins now.</summary>
    internal Func<BlockPipe, SnapshotEncoder> RdbEncoder(bool isAppendOnlyBase = false)
    {
        RdbFileOptions options = OptionsNow(isAppendOnlyBase);
        return pipe => new RdbFileEncoder(pipe, _databases, _access, _tools, options);
    }

    /// <summary>The same for other databases, with the records beside the keys or without.</summary>
    internal Func<BlockPipe, SnapshotEncoder> RdbEncoder(Databases databases, bool hasRecords)
    {
        RdbFileOptions options = OptionsNow(isAppendOnlyBase: false) with { HasRecords = hasRecords };
        return pipe => new RdbFileEncoder(pipe, databases, _access, _tools, options);
    }

    /// <summary>Begins a snapshot of all databases as they are now; for receivers only if <see cref="HasRoomForReceivers"/>.</summary>
    /// <param name="target">Where it goes; belongs to the job.</param>
    /// <param name="encoderOn">Makes the encoder that writes to what it is given.</param>
    /// <param name="ended">Told how it has ended, when it has.</param>
    internal SnapshotJob Begin(ISnapshotTarget target, Func<BlockPipe, SnapshotEncoder> encoderOn, Action<SnapshotEnd> ended) =>
        Begin(target, encoderOn, _databases, ended);

    /// <summary>The same of other databases.</summary>
    internal SnapshotJob Begin(
        ISnapshotTarget target, Func<BlockPipe, SnapshotEncoder> encoderOn, Databases databases, Action<SnapshotEnd> ended)
    {
        Debug.Assert(target.IsFile || HasRoomForReceivers, "A lane is left for each that makes a file.");
        SnapshotMemory memory = _memories.Take();
        var output = new SnapshotOutput(target, memory, encoderOn);
        var job = new SnapshotJob(databases, output, memory, _settings, _tools, ended);
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
            _memories.Dispose();
        }
    }

    private RdbFileOptions OptionsNow(bool isAppendOnlyBase)
    {
        RdbFileOptions options = RdbFileOptions.Of(
            _settings, _memorySettings, _tools.Clock.UnixMs / 1000, _tools.Memory.UsedBytes, isAppendOnlyBase);
        return isAppendOnlyBase ? options : options with { Place = Place() };
    }

    private void End(SnapshotJob job)
    {
        int index = _jobs.IndexOf(job);
        _jobs.RemoveAt(index);
        _next -= index < _next ? 1 : 0;
        SnapshotEnd end = job.End();
        _memories.Return(job.Memory);
        job.Tell(end);
    }
}
