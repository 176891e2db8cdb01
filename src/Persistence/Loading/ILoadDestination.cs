using Bixbite.Engine.Records;
using Bixbite.Keyspace;

namespace Bixbite.Persistence.Loading;

/// <summary>Where what is loaded goes, and what everybody else sees meanwhile.</summary>
internal interface ILoadDestination
{
    /// <summary>They get the keys.</summary>
    public Databases Databases { get; }

    /// <summary>They get the records beside the keys.</summary>
    public RecordKinds Records { get; }

    /// <summary>Clients must wait until it is over.</summary>
    public bool HoldsClients { get; }

    /// <summary>Loading begins.</summary>
    public void Begin();

    /// <summary>All is there.</summary>
    public void Complete();

    /// <summary>It failed, or was cancelled.</summary>
    public void Discard();
}
