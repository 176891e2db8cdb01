using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Records;
using Bixbite.Keyspace;

namespace Bixbite.Persistence.Loading;

/// <summary>
/// Databases of their own, while clients use the old ones, or wait; at the end they take the place of the old ones at once, or are thrown
/// away as if they had never been.
/// <code>
///   databases in use   | old data, used and changed ............ | new data
///   aside              | grows ................................. | old data: freed in slices
/// </code>
/// </summary>
internal sealed class AsideDestination(Databases live, RecordKinds liveRecords, DataState state, ChangeFeed changes) : ILoadDestination
{
    public Databases Databases { get; } = live.MakeAside();

    public RecordKinds Records { get; } = liveRecords.MakeAside();

    public bool HoldsClients { get; init; }

    /// <summary>Called when all is there, just before it takes the place of the old data.</summary>
    public Action? Replacing { private get; init; }

    public void Begin() => SetLoading(true);

    public void Complete()
    {
        Replacing?.Invoke();
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
        SetLoading(false);
        Databases.FlushAll();
    }

    private void SetLoading(bool isLoading)
    {
        if (HoldsClients)
        {
            state.IsLoading = isLoading;
        }
        else
        {
            state.IsLoadingAside = isLoading;
        }
    }
}
