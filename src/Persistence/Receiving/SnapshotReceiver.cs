using System.Globalization;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Persistence.Receiving;

/// <summary>
/// Puts a snapshot that comes from another server in the place of all data. By whoever holds the execution lock.
/// <code>
///   Receive: pipe ── file     the old data is served, and stays as it is if anything fails
///   Load: the log is closed, the old data goes ── the file is loaded in slices ── the file is kept as the snapshot file, a log begins
///   LoadDirectly: pipe ── loaded in slices, in the place of the old data, or beside it ── a log begins
/// </code>
/// </summary>
public sealed class SnapshotReceiver(
    Loads loads, Saver saver, AofControl log, AofSettings logSettings, ChangeFeed changes, SnapshotSettings settings, SavingTools tools)
{
    private long _fileCount;

    /// <summary>Something is being loaded: nothing else can be.</summary>
    public bool IsBusy => loads.IsRunning;

    /// <summary>There are keys, due ones among them.</summary>
    public bool HasKeys => loads.Live.Databases.KeyCount > 0;

    /// <summary>The facts of what is loaded, or was last.</summary>
    public LoadFacts Facts => loads.Facts;

    /// <summary>Begins a new file.</summary>
    /// <param name="ended">Called by a thread when the file is whole, or has failed.</param>
    public ReceivedFile Receive(Action ended)
    {
        string path = Path.Combine(
            Paths.FolderOf(saver.FilePath),
            string.Create(CultureInfo.InvariantCulture, $"temp-{Environment.ProcessId}-received-{_fileCount++}.rdb"));
        return new ReceivedFile(tools.Disk, path, ended);
    }

    /// <summary>
    /// Loads the file in the place of what there is. Clients are told LOADING until it is over; then it is told whether it is there, or
    /// what was wrong: then there is no data at all, and no log until the next one is loaded.
    /// </summary>
    public void Load(ReceivedFile file, bool isLazy, Action<string?> ended)
    {
        int result = loads.Open(file.Path, Options, out RdbLoader? loader);
        if (loader is null)
        {
            ended($"{file.Path} cannot be opened: {Errno.Text(-result)}");
            return;
        }
        saver.Cancel();
        log.SwitchOff();
        Empty(isLazy);
        loads.Begin(
            loader,
            loads.Live,
            problem =>
            {
                NoteEnd(file, problem);
                ended(problem);
            });
    }

    /// <summary>
    /// Loads what arrives in a pipe. Where nobody is to wait for it, and while it is beside the old data, that stays if it fails; otherwise
    /// there is no data then, and no log until the next one is loaded.
    /// </summary>
    /// <param name="snapshot">How it comes, and where it goes.</param>
    /// <param name="replacing">Called just before the old data goes.</param>
    /// <param name="ended">Told whether it is there, or what was wrong; not before this method is over.</param>
    public DirectLoad LoadDirectly(ComingSnapshot snapshot, Action replacing, Action<string?> ended)
    {
        ILoadDestination destination;
        if (snapshot.Place == LoadPlace.Live)
        {
            Replace();
            Empty(snapshot.IsLazy);
            destination = loads.Live;
        }
        else
        {
            destination = loads.MakeAside(snapshot.Place == LoadPlace.AsideHoldingClients, Replace);
        }
        RdbLoadOptions options = Options with { Records = destination.Records, EndMark = snapshot.Mark };
        var load = new DirectLoad(loads, snapshot, destination.Databases, options);
        loads.Begin(
            load.Loader,
            destination,
            problem =>
            {
                load.IsOver = true;
                NoteDirectEnd(snapshot, problem);
                ended(problem);
            });
        return load;

        void Replace()
        {
            replacing();
            saver.Cancel();
            log.SwitchOff();
        }
    }

    /// <summary>Begins the log that settings want and that was closed for a load; to be called until it is begun.</summary>
    public void ResumeLog()
    {
        if (logSettings.IsOn.Value && !log.IsOn && log.SwitchOn() is { } problem)
        {
            tools.Log.Write(LogLevel.Warning, $"The append only log cannot be begun after the synchronization: {problem}");
        }
    }

    private RdbLoadOptions Options => new(
        tools.Clock.UnixMs, tools.Codecs, KeepsDueKeys: true, IsChecked: settings.RdbChecksum.Value,
        KeyDelayUs: () => settings.KeyLoadDelayUs.Value);

    private void NoteDirectEnd(ComingSnapshot snapshot, string? problem)
    {
        bool isLive = snapshot.Place == LoadPlace.Live;
        if (problem is null)
        {
            // There is no file with what was loaded.
            changes.CountDirty(1);
        }
        else if (isLive)
        {
            loads.Empty(lazily: true);
        }
        if (isLive)
        {
            TellReplaced();
        }
    }

    private void NoteEnd(ReceivedFile file, string? problem)
    {
        if (problem is not null)
        {
            file.Delete();
            Empty(isLazy: true);
            return;
        }
        TellReplaced();
        Keep(file);
    }

    /// <summary>The file is a snapshot of what was loaded, and takes the place of the one before.</summary>
    private void Keep(ReceivedFile file)
    {
        if (saver.IsRunning)
        {
            // Its thread may be about to give its file that name.
            Forgo(file, "a snapshot is still being given up");
        }
        else if (tools.Disk.Rename(file.Path, saver.FilePath) is < 0 and var refusal)
        {
            Forgo(file, Errno.Text(-refusal));
        }
        else if (tools.Disk.SyncFolder(Paths.FolderOf(saver.FilePath)) is < 0 and var failure)
        {
            changes.CountDirty(1);
            tools.Log.Write(LogLevel.Warning, $"The name of the received snapshot may not be durable: {Errno.Text(-failure)}");
        }
        else
        {
            saver.NoteLoaded();
            DeleteUnwanted();
        }
    }

    private void DeleteUnwanted()
    {
        if (!settings.DeletesSyncFiles.Value || saver.HasSavePoints || logSettings.IsOn.Value)
        {
            return;
        }
        tools.Log.Write(
            LogLevel.Notice, "Removing the RDB file obtained from the primary. This replica has persistence disabled");
        if (tools.Disk.Delete(saver.FilePath) is < 0 and var failure)
        {
            tools.Log.Write(LogLevel.Warning, $"{saver.FilePath} cannot be deleted: {Errno.Text(-failure)}");
        }
    }

    /// <summary>The file cannot be kept; the next snapshot is due as after any change.</summary>
    private void Forgo(ReceivedFile file, string reason)
    {
        tools.Log.Write(LogLevel.Warning, $"The received snapshot does not take the place of {saver.FilePath}: {reason}");
        file.Delete();
        changes.CountDirty(1);
    }

    private void Empty(bool isLazy)
    {
        loads.Empty(isLazy);
        TellReplaced();
    }

    private void TellReplaced()
    {
        foreach (Database database in loads.Live.Databases.InOrder())
        {
            changes.PublishContentReplaced(database);
        }
    }
}
