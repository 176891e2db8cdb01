namespace Bixbite.Cluster.Document;

/// <summary>A shard gives slots to another one, whose keys are there already.</summary>
public sealed record GiveSlots(ClusterId Source, ClusterId Target, SlotSet Slots) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.GiveSlots;

    internal override bool IsValid => !Slots.IsEmpty && Source != Target;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Shards.TryGetValue(Source, out ClusterShard? source)
            || !document.Shards.TryGetValue(Target, out ClusterShard? target))
        {
            return document.Refused(ChangeOutcome.UnknownShard);
        }
        return ShardRules.WhyNotGiven(document, source, Slots, out int slot) is { } reason
            ? document.Refused(reason, slot)
            : ShardRules.Give(document, source, target, Slots).Applied();
    }

    internal static GiveSlots Read(ref DocumentReader reader) => new(reader.Id(), reader.Id(), reader.Slots());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Source);
        writer.Id(Target);
        writer.Slots(Slots);
    }
}
