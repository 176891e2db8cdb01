using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Control;

public enum ConsensusRole
{
    /// <summary>Not started, ended, or not a voter yet.</summary>
    None,

    /// <summary>A voter that knows of no leader.</summary>
    Searching,
    Following,

    /// <summary>A leader whose entries of earlier terms are all applied.</summary>
    Leading,
}

/// <summary>How a voter stands at this moment.</summary>
/// <param name="Role">Leading is what this node believes; the read barrier proves it.</param>
/// <param name="Leader">None if none is known.</param>
/// <param name="Term">Grows with each election.</param>
/// <param name="Restarts">How often the watchdog has started the engine anew.</param>
public readonly record struct ConsensusStatus(ConsensusRole Role, ClusterId Leader, long Term, int Restarts);

public enum ProposalOutcome
{
    Committed,

    /// <summary>This node does not lead; nothing was written.</summary>
    NotLeader,

    /// <summary>Leadership ended, or time ran out, before a majority was known to have it: it may be committed later.</summary>
    Unknown,

    /// <summary>Another change of the voters is under way, or the node cannot be brought up to date.</summary>
    Refused,
}

/// <param name="Outcome">Whether the entry is in the log.</param>
/// <param name="Result">What <see cref="IReplicatedState.Apply"/> gave for it, if it was committed.</param>
public readonly record struct Proposal(ProposalOutcome Outcome, long Result = 0);
