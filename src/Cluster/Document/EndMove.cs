namespace Bixbite.Cluster.Document;

/// <summary>A move is over; if it succeeded, its slots are the target's from now on.</summary>
public sealed record EndMove(ClusterId Move, MoveState State) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.EndMove;

    internal override bool IsValid => State is > MoveState.Running and <= MoveState.Cancelled;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (document.Moves.FirstOrDefault(other => other.Id == Move) is not { } move)
        {
            return document.Refused(ChangeOutcome.UnknownMove);
        }
        if (!move.IsRunning)
        {
            return document.Refused(ChangeOutcome.MoveIsOver);
        }
        ClusterDocument next = document.WithEnded(move, State);
        return State == MoveState.Succeeded
            ? ShardRules.Give(next, document.Shards[move.Source], document.Shards[move.Target], move.Slots).Applied()
            : next.Applied();
    }

    internal static EndMove Read(ref DocumentReader reader) => new(reader.Id(), (MoveState)reader.Byte());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Move);
        writer.Byte((int)State);
    }
}
