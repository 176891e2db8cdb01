using Bixbite.Cluster.Control.Leases;
using Bixbite.Cluster.Document;

namespace Bixbite.Unit.Cluster.Control.Leases;

/// <summary>A node of <see cref="LeaseWorld"/>: its clock, what it knows of the document, its copy of the data.</summary>
internal sealed class SimulatedNode(ClusterId id, LeaseTimes times, double clockRate, long clockStartUs)
{
    internal ClusterId Id => id;

    internal PrimaryLease Lease { get; } = new(times);

    internal FailoverDecider Decider { get; } = new(times);

    /// <summary>Of the leadership that it believes in; 0 if it does not.</summary>
    internal long LeadingTerm { get; set; }

    /// <summary>It does nothing before this time: SIGSTOP, a collection, a slow disk.</summary>
    internal long PausedUntilUs { get; set; }

    internal required ClusterDocument Document { get; set; }

    internal List<int> Stream { get; set; } = [];

    /// <summary>The epoch of the primary whose stream it has.</summary>
    internal long FollowedEpoch { get; set; }

    internal long SealedEpoch { get; set; }

    internal long SealedUntilUs { get; set; }

    internal ClusterShard Shard => Document.Shards.Values.Single();

    internal bool TakesItselfForPrimary => Shard.Primary == id;

    internal long ClockUs(long nowUs) => clockStartUs + (long)(nowUs * clockRate);

    internal bool IsServing(long nowUs) => TakesItselfForPrimary && Lease.IsValid(Shard.Epoch, ClockUs(nowUs));

    internal bool IsSealed(long nowUs) => SealedEpoch > Shard.Epoch && ClockUs(nowUs) < SealedUntilUs;
}
