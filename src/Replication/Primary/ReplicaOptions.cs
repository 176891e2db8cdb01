using Bixbite.Persistence.Saving;

namespace Bixbite.Replication.Primary;

/// <summary>The facts that a client has told of itself by REPLCONF, before it is a replica.</summary>
public sealed class ReplicaOptions
{
    /// <summary>An address is shorter than this.</summary>
    public const int AddressSizeMax = 256;

    /// <summary>The port that it serves clients on; 0 if it has not said so.</summary>
    public long Port { get; set; }

    /// <summary>The address where clients reach it; null if it is that of its connection.</summary>
    public string? Address { get; set; }

    /// <summary>It finds the end of a snapshot by a mark.</summary>
    public bool FindsMark { get; set; }

    /// <summary>It knows that fields of hashes may expire.</summary>
    public bool KnowsFieldExpiry { get; set; }

    /// <summary>It has said its version: it is Valkey 8 or later, or a Bixbite.</summary>
    public bool HasVersion { get; set; }

    /// <summary>It takes another name of the history with <c>+CONTINUE</c>.</summary>
    public bool TakesNewId { get; set; }

    /// <summary>It wants a snapshot and no stream.</summary>
    public bool WantsSnapshotOnly { get; set; }

    /// <summary>The parts of the data that it wants in a snapshot.</summary>
    public TransferContent Content { get; set; } = TransferContent.All;

    /// <summary>It does not want all of them.</summary>
    public bool IsFiltered => Content != TransferContent.All;
}
