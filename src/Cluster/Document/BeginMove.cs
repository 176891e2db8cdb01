namespace Bixbite.Cluster.Document;

/// <summary>Slots begin to move from one shard to another.</summary>
public sealed record BeginMove(ClusterId Move, ClusterId Source, ClusterId Target, SlotSet Slots) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.BeginMove;

    internal override bool IsValid => !Move.IsNone && !Source.IsNone && !Target.IsNone && Source != Target && !Slots.IsEmpty;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (document.Moves.Any(move => move.Id == Move))
        {
            return document.Refused(ChangeOutcome.MoveExists);
        }
        if (!document.Shards.TryGetValue(Source, out ClusterShard? source)
            || !document.Shards.TryGetValue(Target, out ClusterShard? target))
        {
            return document.Refused(ChangeOutcome.UnknownShard);
        }
        if (document.Moves.Count(move => move.IsRunning) == ClusterDocument.MovesMax)
        {
            return document.Refused(ChangeOutcome.TooManyMoves);
        }
        if (ShardRules.WhyNotGiven(document, source, Slots, out int slot) is { } reason)
        {
            return document.Refused(reason, slot);
        }
        var begun = new SlotMove(Move, Slots, Source, Target, source.Primary, target.Primary, MoveState.Running);
        return (document with { Moves = document.Moves.Add(begun) }).Applied();
    }

    internal static BeginMove Read(ref DocumentReader reader) => new(reader.Id(), reader.Id(), reader.Id(), reader.Slots());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Move);
        writer.Id(Source);
        writer.Id(Target);
        writer.Slots(Slots);
    }
}
