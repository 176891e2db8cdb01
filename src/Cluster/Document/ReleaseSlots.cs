namespace Bixbite.Cluster.Document;

/// <summary>A shard gives slots up; nobody has them then.</summary>
public sealed record ReleaseSlots(ClusterId Shard, SlotSet Slots) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.ReleaseSlots;

    internal override bool IsValid => !Slots.IsEmpty;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Shards.TryGetValue(Shard, out ClusterShard? shard))
        {
            return document.Refused(ChangeOutcome.UnknownShard);
        }
        return ShardRules.WhyNotGiven(document, shard, Slots, out int slot) is { } reason
            ? document.Refused(reason, slot)
            : document.WithRaised(shard with { Slots = shard.Slots.Without(Slots) }).Applied();
    }

    internal static ReleaseSlots Read(ref DocumentReader reader) => new(reader.Id(), reader.Slots());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Shard);
        writer.Slots(Slots);
    }
}
