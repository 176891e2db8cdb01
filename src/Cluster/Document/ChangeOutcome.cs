namespace Bixbite.Cluster.Document;

/// <summary>Whether a change took effect, or which of its preconditions did not hold.</summary>
public enum ChangeOutcome
{
    Applied,

    /// <summary>All is so already; the document is the same as before.</summary>
    NothingChanged,
    UnknownNode,
    UnknownShard,
    UnknownMove,
    NodeExists,
    ShardExists,
    MoveExists,

    /// <summary>Another node is reached by the same host and bus port.</summary>
    AddressInUse,

    /// <summary>A slot has an owner; the result names the slot.</summary>
    SlotOwned,

    /// <summary>A slot is not the shard's; the result names the slot.</summary>
    SlotNotOwned,

    /// <summary>A slot is being moved; the result names the slot.</summary>
    SlotMoving,

    /// <summary>The shard is at another epoch than was expected: somebody else was faster.</summary>
    EpochChanged,

    /// <summary>The node leads a shard with slots.</summary>
    HasSlots,

    /// <summary>The node leads a shard with other nodes in it.</summary>
    HasReplicas,
    NotInShard,

    /// <summary>The node is a witness, and has no data.</summary>
    IsWitness,
    LastNode,
    LastVoter,
    TooManyNodes,
    TooManyVoters,
    TooManyMoves,

    /// <summary>The move is over, or its primaries lead no longer.</summary>
    MoveIsOver,

    /// <summary>A value that no document may have.</summary>
    Invalid,
}
