namespace Bixbite.Cluster.Document;

/// <summary>Facts of a node in the document. Their numbers are part of its bytes.</summary>
[Flags]
public enum NodeFlags
{
    None = 0,

    /// <summary>Votes on changes of the document.</summary>
    Voter = 1,

    /// <summary>Is to go: it gets no slots and leads nothing that another can lead.</summary>
    Leaving = 2,

    /// <summary>Holds no data and belongs to no shard; it is there to vote.</summary>
    Witness = 4,

    All = Voter | Leaving | Witness,
}
