namespace Bixbite.Cluster.Document;

/// <summary>A shard gets the epoch after all others, or a higher one if it has none so far.</summary>
/// <param name="Shard">Whose epoch is raised.</param>
/// <param name="Epoch">The epoch of a shard that has none, or 0 for the next one.</param>
public sealed record RaiseEpoch(ClusterId Shard, long Epoch) : ClusterChange
{
    public override ChangeKind Kind => ChangeKind.RaiseEpoch;

    internal override bool IsValid => Epoch is >= 0 and < ClusterDocument.EpochMax;

    internal override ChangeResult ApplyTo(ClusterDocument document)
    {
        if (!document.Shards.TryGetValue(Shard, out ClusterShard? shard))
        {
            return document.Refused(ChangeOutcome.UnknownShard);
        }
        if (Epoch != 0)
        {
            return shard.Epoch == 0
                ? document.With(shard with { Epoch = Epoch }).Applied()
                : document.Refused(ChangeOutcome.EpochChanged);
        }
        return document.With(shard with { Epoch = document.Epoch + 1 }).Applied();
    }

    internal static RaiseEpoch Read(ref DocumentReader reader) => new(reader.Id(), reader.Long());

    private protected override void Write(DocumentWriter writer)
    {
        writer.Id(Shard);
        writer.Long(Epoch);
    }
}
