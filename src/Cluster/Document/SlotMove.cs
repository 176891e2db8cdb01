namespace Bixbite.Cluster.Document;

/// <summary>Slots on their way from one shard to another, or a move that is over.</summary>
/// <param name="Id">Of this move alone.</param>
/// <param name="Slots">All of the source until the move has succeeded.</param>
/// <param name="Source">The shard that gives them.</param>
/// <param name="Target">The shard that takes them.</param>
/// <param name="SourcePrimary">The node that copies; when it no longer leads, the move fails.</param>
/// <param name="TargetPrimary">The node that receives; when it no longer leads, the move fails.</param>
/// <param name="State">A move that is over stays so.</param>
public sealed record SlotMove(
    ClusterId Id, SlotSet Slots, ClusterId Source, ClusterId Target, ClusterId SourcePrimary, ClusterId TargetPrimary, MoveState State)
{
    public bool IsRunning => State == MoveState.Running;

    internal bool IsValid =>
        !Id.IsNone && !Slots.IsEmpty && !Source.IsNone && !Target.IsNone && Source != Target && !SourcePrimary.IsNone
        && !TargetPrimary.IsNone && State is >= MoveState.Running and <= MoveState.Cancelled;
}
