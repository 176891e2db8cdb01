using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Records;
using Bixbite.Keyspace;

namespace Bixbite.Persistence.Loading;

/// <summary>
/// Databases of their own, while clients use the old ones; at the end they take the place of the old ones at once, or are thrown away
/// as if they had never been.
/// <code>
///   databases in use   | old data, used and changed ............ | new data
///   aside              | grows ................................. | old data: freed in slices
/// </code>
/// </summary>
internal sealed class AsideDestination(Databases live, RecordKinds liveRecords, DataState state, ChangeFeed changes) : ILoadDestination
{
    public Databases Databases { get; } = live.MakeAside();

    public RecordKinds Records { get; } = liveRecords.MakeAside();

    public void Begin() => state.IsLoadingAside = true;

    public void Complete()
    {
        HashSet<Database> replaced = [.. live.InOrder()];
        live.Adopt(Databases);
        liveRecords.Adopt(Records);
        End();
        replaced.UnionWith(live.InOrder());
        foreach (Database database in replaced)
        {
            changes.PublishContentReplaced(database);
        }
    }

    public void Discard()
    {
        Records.Clear();
        End();
    }

    private void End()
    {
        state.IsLoadingAside = false;
        Databases.FlushAll();
    }
}
