using System.Security.Cryptography;
using Bixbite.Configuration;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Types;

namespace Bixbite.Hosting;

/// <summary>The data and what looks after it, put together.</summary>
internal sealed class KeyspaceParts
{
    public KeyspaceParts(Settings settings, ValueTypes types, RaisedConcerns raised, IClock clock)
    {
        Access = new AccessClock(Time);
        FreedPages = new FreedPages(Heap, Workspace);
        Values = new ValueContext(Heap, RandomSeed()) { Types = types };
        Databases = new Databases(settings.Server.Databases.Value, Values, Access, LazyFree);
        Keys = new KeyAccess(Time, Access, Statistics, Changes);
        Propagator = new Propagator(Changes, Keys, Workspace);
        Memory = new MemoryGauge(Heap, raised);
        Memory.AddWorkspace(() => Workspace.UsedBytes);
        Memory.AddWorkspace(() => Values.Saving.Aside.UsedBytes);
        Memory.SavedBytes = () => Values.Saving.OrphanBytes;
        Eviction = new Eviction(Databases, Access, LazyFree, Statistics, Changes, Memory, clock);
        Keys.HasRoom = Eviction.HasRoomFor;
        Expiry = new ActiveExpiry(Databases, Keys, Statistics, Time, clock);
        Defragmentation = new Defragmentation(Databases, LazyFree, clock);
        Statistics.ResetOthers = LazyFree.ResetStatistics;
        Statistics.ResetOthers += Defragmentation.ResetStatistics;
        SettingsWiring.ConnectDefragmentation(settings, Defragmentation);
        SettingsWiring.ConnectKeyspace(settings, Memory, Eviction, Access);
        SettingsWiring.ConnectValues(settings, Values.Limits);
    }

    public Heap Heap { get; } = new();

    /// <summary>Of buffers that are used again and again, and of copies that sessions hold and count: no data.</summary>
    public Heap Workspace { get; } = new();

    public FreedPages FreedPages { get; }

    public CommandTime Time { get; } = new();

    public AccessClock Access { get; }

    public LazyFree LazyFree { get; } = new();

    public ChangeFeed Changes { get; } = new();

    public Propagator Propagator { get; }

    public KeyspaceStatistics Statistics { get; } = new();

    public ValueContext Values { get; }

    public Databases Databases { get; }

    public KeyAccess Keys { get; }

    public MemoryGauge Memory { get; }

    public Eviction Eviction { get; }

    public ActiveExpiry Expiry { get; }

    public Defragmentation Defragmentation { get; }

    private static ulong RandomSeed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
