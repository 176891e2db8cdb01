namespace Bixbite.Cluster.Document;

/// <summary>Slots that nobody has go to a shard.</summary>
public sealed record AssignSlots(ClusterId Shard, SlotSet Slots) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.AssignSlots;

    internal override bool IsValid => !Slots.IsEmpty;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Shards.TryGetValue(Shard, out ClusterShard? shard))
        {
            return document.Refused(ChangeOutcome.UnknownShard);
        }
        int owned = Slots.FirstCommon(document.AssignedSlots());
        return owned < 0
            ? document.WithRaised(shard with { Slots = shard.Slots.With(Slots) }).Applied()
            : document.Refused(ChangeOutcome.SlotOwned, owned);
    }

    internal static AssignSlots Read(ref DocumentReader reader) => new(reader.Id(), reader.Slots());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Shard);
        writer.Slots(Slots);
    }
}
