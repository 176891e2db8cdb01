using System.Globalization;
using System.Text;
using Bixbite.Keyspace;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;

namespace Bixbite.Persistence.Saving;

/// <summary>The way in which a receiver is told where the snapshot ends.</summary>
public enum TransferForm
{
    /// <summary>A mark of forty bytes stands before and after it: <c>$EOF:mark</c>.</summary>
    Marked,

    /// <summary>Its length stands before it: <c>$123</c>. That is not known before it is made, so it goes through a file.</summary>
    Measured,
}

/// <summary>The parts of the data that a transfer has.</summary>
public readonly record struct TransferContent(bool HasKeys, bool HasRecords)
{
    public static TransferContent All => new(HasKeys: true, HasRecords: true);
}

/// <summary>How a snapshot is handed to receivers.</summary>
/// <param name="PatienceMs">One that takes nothing for so long is dropped. Called by the job's thread.</param>
/// <param name="FileSent">Called by the job's thread when a snapshot with a length begins to be sent.</param>
/// <param name="Ended">Told at the end, with the lock: nobody writes to the pipes any more.</param>
public sealed record TransferTerms(Func<int> PatienceMs, Action FileSent, Action<SnapshotEnd> Ended);

/// <summary>
/// Snapshots for receivers: several get the same bytes from one job, each through its own pipe. By whoever holds the execution lock.
/// </summary>
public sealed class SnapshotTransfers(SnapshotJobs jobs, Databases databases, SavingTools tools)
{
    private const int MarkLength = 40;

    private long _fileCount;
    private int _runningCount;

    /// <summary>A snapshot is on its way to receivers.</summary>
    public bool IsRunning => _runningCount > 0;

    /// <summary>One more may begin.</summary>
    public bool HasRoom => jobs.HasRoomForReceivers;

    /// <summary>Fields of hashes expire: a snapshot has a version that Redis before 7.4 and Valkey do not read.</summary>
    public bool HasFieldDeadlines => databases.HasFieldDeadlines;

    /// <summary>Begins a snapshot of the data as it is now.</summary>
    /// <param name="receivers">Nobody else writes to them from now on.</param>
    /// <param name="form">How its end is told.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="terms">How patient it is, and who is told.</param>
    public void Begin(IReadOnlyList<BytePipe> receivers, TransferForm form, TransferContent content, TransferTerms terms)
    {
        byte[] mark = form == TransferForm.Marked
            ? Encoding.ASCII.GetBytes(SystemRandom.Hex(MarkLength))
            : [];
        var target = new SinkTarget(receivers, mark, terms.PatienceMs, tools.Clock);
        Databases source = content.HasKeys ? databases : databases.MakeAside();
        _runningCount++;
        jobs.Begin(
            form == TransferForm.Marked
                ? target
                : new SpooledTarget(target, tools.Disk, NextPath(), tools.Clock) { FileSent = terms.FileSent },
            jobs.RdbEncoder(source, content.HasRecords),
            source,
            end =>
            {
                _runningCount--;
                terms.Ended(end);
            });
    }

    private string NextPath() => tools.Disk.Full(
        string.Create(CultureInfo.InvariantCulture, $"temp-{Environment.ProcessId}-sync-{_fileCount++}.rdb"));
}
