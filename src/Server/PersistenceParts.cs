using Bixbite.Commands.Server.Sections;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Settings;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Server;

/// <summary>What keeps the data on the disk and brings it back, put together.</summary>
internal sealed class PersistenceParts
{
    public PersistenceParts(Settings settings, StartFacts start, KeyspaceParts keyspace, IClock clock)
    {
        var tools = new SavingTools(start.Disk, clock, start.Log, keyspace.Memory);
        Work = new SnapshotWork(keyspace.Databases, settings, tools);
        Saver = new Saver(Work, keyspace.Databases, keyspace.Access, keyspace.Changes, State, settings, tools);
        Loading = new Loading(keyspace.Databases, keyspace.Access, State, settings, tools);
        Loading.Loaded += Saver.NoteLoaded;
        Reload = new Reload(Saver, keyspace.Databases, keyspace.Access, settings, tools);
        ShutdownSave = new ShutdownSave(Saver, Work, State, tools);
        Facts = new PersistenceFacts(State, Loading, Saver, Work, clock);
    }

    public DataState State { get; } = new();

    public SnapshotWork Work { get; }

    public Saver Saver { get; }

    public Loading Loading { get; }

    public Reload Reload { get; }

    public ShutdownSave ShutdownSave { get; }

    public PersistenceFacts Facts { get; }
}
