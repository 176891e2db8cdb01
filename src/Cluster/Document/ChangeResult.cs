namespace Bixbite.Cluster.Document;

/// <summary>The effect of a change.</summary>
/// <param name="Document">The next document, or the same one where the change has no effect.</param>
/// <param name="Outcome">Whether it had one.</param>
/// <param name="Slot">The slot that the outcome is about, or -1.</param>
public readonly record struct ChangeResult(ClusterDocument Document, ChangeOutcome Outcome, int Slot = -1)
{
    public bool IsApplied => Outcome == ChangeOutcome.Applied;
}
