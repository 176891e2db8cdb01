using Bixbite.Commands.Info.Sections;
using Bixbite.Configuration;
using Bixbite.Configuration.Themes;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Lifecycle;
using Bixbite.Persistence;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>What keeps the data on the disk and brings it back, put together.</summary>
internal sealed class PersistenceParts
{
    public PersistenceParts(
        Settings settings, StartFacts start, RaisedConcerns raised, KeyspaceParts keyspace, BlockedSessions blocked, IClock clock)
    {
        State = new DataState(raised);
        var tools = new SavingTools(start.Disk, clock, start.Log, keyspace.Memory) { Codecs = start.Codecs };
        Work = new SnapshotWork(keyspace.Databases, settings, tools);
        Saver = new Saver(Work, keyspace.Databases, keyspace.Access, keyspace.Changes, State, settings, tools);
        Loading = new Loading(keyspace.Databases, keyspace.Access, State, settings, tools);
        Loading.Loaded += Saver.NoteLoaded;
        LogSettings = settings.Persistence.Aof;
        Log = new AofWriter(keyspace.Workspace, LogSettings, State, tools);
        Rewrite = new AofRewrite(Log, Work, keyspace.Databases, keyspace.Access, settings, tools);
        Waits = new DurabilityWaits(Log, blocked);
        Aof = new AofControl(Log, Rewrite, Waits, Work, keyspace.Propagator, LogSettings, tools);
        Loading.Completing = BeginLog;
        Reload = new Reload(Saver, Aof, Loading, keyspace.Databases, keyspace.Access, settings, tools);
        ShutdownSave = new ShutdownSave(Saver, Work, Aof, State, tools);
        Facts = new PersistenceFacts(State, Loading, Saver, Work, Aof, Log, Rewrite, clock);
    }

    public DataState State { get; }

    public SnapshotWork Work { get; }

    public Saver Saver { get; }

    public Loading Loading { get; }

    public Reload Reload { get; }

    public AofWriter Log { get; }

    public AofRewrite Rewrite { get; }

    public DurabilityWaits Waits { get; }

    public AofControl Aof { get; }

    public ShutdownSave ShutdownSave { get; }

    public PersistenceFacts Facts { get; }

    private AofSettings LogSettings { get; }

    /// <summary>From now on loops hear at once of what has become durable, or could not.</summary>
    public void Connect(LoopSet loops) => Log.Synced += () =>
    {
        loops.Release(Log.DurableEnd);
        if (!Waits.IsEmpty || Log.HasSyncFailed)
        {
            loops.TickWithin(0);
        }
    };

    /// <summary>Once the data is there the log goes on behind it; from then on it can be switched on and off.</summary>
    private string? BeginLog()
    {
        LogSettings.IsOn.Apply = () =>
        {
            if (LogSettings.IsOn.Value)
            {
                return Aof.SwitchOn();
            }
            Aof.SwitchOff();
            return null;
        };
        LogSettings.Rewrite.KeepsHistory.Changed += Aof.DeleteHistory;
        return LogSettings.IsOn.Value ? Aof.Begin(Loading.Manifest!, Loading.Folder!) : null;
    }
}
