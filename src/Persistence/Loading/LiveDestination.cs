using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Records;
using Bixbite.Keyspace;

namespace Bixbite.Persistence.Loading;

/// <summary>The databases in use: clients are told LOADING. What was loaded of what failed stays, and its owner decides.</summary>
internal sealed class LiveDestination(Databases databases, RecordKinds records, DataState state) : ILoadDestination
{
    public Databases Databases => databases;

    public RecordKinds Records => records;

    public bool HoldsClients => true;

    public void Begin() => state.IsLoading = true;

    public void Complete() => state.IsLoading = false;

    public void Discard() => state.IsLoading = false;
}
