using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Persistence.Receiving;
using Bixbite.Platform;
using Bixbite.Replication.History;
using Bixbite.Replication.Links;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Following;

/// <summary>The needs of a connection to a primary.</summary>
/// <param name="Stream">Repeats the primary's.</param>
/// <param name="History">Becomes the primary's.</param>
/// <param name="Replicas">Are to come again when it changes.</param>
/// <param name="Receiver">Puts snapshots in the place of data.</param>
/// <param name="Applier">Runs the primary's requests.</param>
/// <param name="Sessions">Have the primary among the clients.</param>
internal sealed record FollowerTools(
    ReplicationStream Stream, ReplicationHistory History, Replicas Replicas, SnapshotReceiver Receiver, StreamApplier Applier,
    PrimarySessions Sessions)
{
    /// <summary>Given by whoever has loops.</summary>
    public IPeerLinks? Links { get; set; }

    public required RaisedConcerns Raised { get; init; }

    /// <summary>While it runs nobody else uses keys.</summary>
    public required LongCommand LongCommand { get; init; }

    /// <summary>How much of the stream this server's log has.</summary>
    public required LoggedPosition Logged { get; init; }

    /// <summary>Decides whether changes are applied that the disk does not take.</summary>
    public required DiskTrouble Disk { get; init; }

    /// <summary>Has what is due done soon.</summary>
    public required CronAlarm Alarm { get; init; }

    public required IClock Clock { get; init; }

    public required ServerLog Log { get; init; }

    public long NowMs => Clock.MonotonicUs / 1000;
}
