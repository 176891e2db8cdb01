using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Routing;

/// <summary>The end of a proposal.</summary>
/// <param name="Outcome">Whether the change took effect, or which of its preconditions did not hold.</param>
/// <param name="Slot">The slot that the outcome is about, or -1.</param>
/// <param name="Failure">Why it could not be decided, for people; null if it was.</param>
public readonly record struct ProposalResult(ChangeOutcome Outcome, int Slot = -1, string? Failure = null)
{
    /// <summary>All is as the change wants it.</summary>
    public bool IsDone => Failure is null && Outcome is ChangeOutcome.Applied or ChangeOutcome.NothingChanged;
}
