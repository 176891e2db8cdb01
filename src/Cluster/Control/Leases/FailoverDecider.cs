using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Control.Leases;

/// <summary>
/// Which primaries have a lease, which are to be replaced, and by whom: the leader's decisions and nothing else. It has no clock and no
/// connections, keeps nothing on disk, and begins anew with each election. One thread.
/// </summary>
public sealed class FailoverDecider(LeaseTimes times)
{
    private readonly Dictionary<ClusterId, ShardWatch> _shards = [];
    private long _electedUs;
    private long _decidedUs;

    /// <summary>
    /// This node leads, and knows nothing of what was granted before: each of these grants was asked for before the election, so all are
    /// over when a lease after it is.
    /// </summary>
    public void BeginLeading(long nowUs)
    {
        _shards.Clear();
        _electedUs = nowUs;
        _decidedUs = nowUs;
    }

    /// <summary>
    /// Takes a report in, and tells whether its node may have the lease once a majority has confirmed that this node still leads. From here
    /// on the shard counts as leased.
    /// </summary>
    public bool TakeReport(in NodeReport report, ClusterDocument document, long nowUs)
    {
        if (!report.AsksForLease || !IsPrimary(report, document))
        {
            return false;
        }
        ShardWatch watch = WatchOf(report.Shard, report.Epoch, nowUs);
        watch.HeardUs = nowUs;
        if (!watch.IsSealed)
        {
            watch.LeasedUntilUs = nowUs + times.ReplaceAfterUs;
        }
        return !watch.IsSealed;
    }

    /// <summary>
    /// After the barrier: whether the grant may still go out. It may not if the shard was sealed or changed meanwhile.
    /// </summary>
    public bool MayGrant(in NodeReport report, ClusterDocument document) =>
        IsPrimary(report, document)
        && _shards.TryGetValue(report.Shard, out ShardWatch? watch) && watch.Epoch == report.Epoch && !watch.IsSealed;

    /// <summary>The primary serves no longer, and told so: its lease need not be waited for.</summary>
    public void GiveBack(ClusterId shard, long epoch, long nowUs)
    {
        if (_shards.TryGetValue(shard, out ShardWatch? watch) && watch.Epoch == epoch && nowUs >= _electedUs + times.ReplaceAfterUs)
        {
            watch.LeasedUntilUs = nowUs;
        }
    }

    public void TakeAnswer(in SealAnswer answer)
    {
        if (_shards.TryGetValue(answer.Shard, out ShardWatch? watch)
            && watch.IsSealed && answer.Epoch == watch.Epoch + 1 && answer.Round == watch.SealedUs)
        {
            watch.Answers[answer.Node] = answer;
        }
    }

    /// <summary>All that is to be done now; asked again and again, some times in the length of a lease.</summary>
    public IReadOnlyList<FailoverAction> Decide(ClusterDocument document, long nowUs)
    {
        var actions = new List<FailoverAction>();
        ForgiveOwnPause(nowUs);
        foreach (ClusterShard shard in document.Shards.Values)
        {
            ShardWatch watch = WatchOf(shard.Id, shard.Epoch, nowUs);
            if (nowUs >= watch.LeasedUntilUs && !shard.Slots.IsEmpty)
            {
                List<ClusterId> replicas = [.. document.ReplicasOf(shard).Where(node => !node.IsLeaving).Select(node => node.Id)];
                Replace(shard, replicas, watch, nowUs, actions);
            }
        }
        foreach (ClusterId gone in _shards.Keys.Where(id => !document.Shards.ContainsKey(id)).ToList())
        {
            _shards.Remove(gone);
        }
        return actions;
    }

    /// <summary>
    /// So many replicas must have answered that one of them has each acknowledged write. Without a promised number any one is the best
    /// there is.
    /// </summary>
    internal static int AnswersNeeded(int replicas, int replicasMin) =>
        replicasMin == 0 ? 1 : Math.Max(1, replicas - replicasMin + 1);

    private static bool IsPrimary(in NodeReport report, ClusterDocument document) =>
        document.Shards.TryGetValue(report.Shard, out ClusterShard? shard) && shard.Primary == report.Node && shard.Epoch == report.Epoch;

    /// <summary>Who did not look for long did not hear the primaries either, and hears them first.</summary>
    private void ForgiveOwnPause(long nowUs)
    {
        if (nowUs - _decidedUs > times.LengthUs / 2)
        {
            foreach (ShardWatch watch in _shards.Values.Where(watch => !watch.IsSealed))
            {
                watch.LeasedUntilUs = Math.Max(watch.LeasedUntilUs, nowUs + (2 * times.RenewUs));
            }
        }
        _decidedUs = nowUs;
    }

    private void Replace(
        ClusterShard shard, List<ClusterId> replicas, ShardWatch watch, long nowUs, List<FailoverAction> actions)
    {
        if (replicas.Count == 0)
        {
            return;
        }
        if (!watch.IsSealed)
        {
            watch.IsSealed = true;
            watch.SealedUs = nowUs;
        }
        List<SealAnswer> answers = [.. watch.Answers.Values.Where(answer => answer.Offset >= 0 && replicas.Contains(answer.Node))];
        bool mayChoose = answers.Count == replicas.Count || nowUs >= watch.SealedUs + times.SealPatienceUs;
        if (mayChoose && answers.Count >= AnswersNeeded(replicas.Count, shard.ReplicasMin))
        {
            Promote(shard, answers, watch, nowUs, actions);
            return;
        }
        if (mayChoose && nowUs < watch.HeardUs + times.SealPatienceUs && MayPropose(watch, nowUs))
        {
            actions.Add(new KeepPrimary(shard.Id, shard.Epoch));
            return;
        }
        List<ClusterId> missing = [.. replicas.Where(replica => answers.All(answer => answer.Node != replica))];
        if (nowUs >= watch.AskedUs + times.AskAgainUs)
        {
            watch.AskedUs = nowUs;
            actions.AddRange(missing.Select(replica => new SealReplica(shard.Id, replica, shard.Epoch + 1, watch.SealedUs)));
        }
        if (mayChoose && !watch.IsMissingTold)
        {
            watch.IsMissingTold = true;
            actions.Add(new MissReplicas(shard.Id, missing));
        }
    }

    private void Promote(ClusterShard shard, List<SealAnswer> answers, ShardWatch watch, long nowUs, List<FailoverAction> actions)
    {
        if (!MayPropose(watch, nowUs))
        {
            return;
        }
        SealAnswer best = answers.OrderByDescending(answer => (answer.StreamEpoch, answer.Offset)).ThenBy(answer => answer.Node).First();
        watch.NextLeaseUntilUs = nowUs + times.ReplaceAfterUs;
        actions.Add(new PromoteReplica(shard.Id, best.Node, shard.Epoch, best.SentUs));
    }

    /// <summary>A proposal of which nothing was heard is made again after a lease.</summary>
    private bool MayPropose(ShardWatch watch, long nowUs)
    {
        bool mayPropose = nowUs >= watch.ProposedUs + times.LengthUs;
        if (mayPropose)
        {
            watch.ProposedUs = nowUs;
        }
        return mayPropose;
    }

    /// <summary>
    /// At another epoch a shard is watched anew. What may be leased stays so, and a primary that is a new one has time to report.
    /// </summary>
    private ShardWatch WatchOf(ClusterId shard, long epoch, long nowUs)
    {
        if (_shards.TryGetValue(shard, out ShardWatch? watch) && watch.Epoch >= epoch)
        {
            return watch;
        }
        long leasedUntilUs = Math.Max(_electedUs, nowUs) + times.ReplaceAfterUs;
        if (watch is not null)
        {
            leasedUntilUs = Math.Max(leasedUntilUs, Math.Max(watch.LeasedUntilUs, watch.NextLeaseUntilUs));
        }
        watch = new ShardWatch(epoch) { LeasedUntilUs = leasedUntilUs };
        _shards[shard] = watch;
        return watch;
    }

    private sealed class ShardWatch(long epoch)
    {
        internal long Epoch => epoch;

        internal long LeasedUntilUs { get; set; }

        internal bool IsSealed { get; set; }

        internal long SealedUs { get; set; }

        /// <summary>When the primary reported last.</summary>
        internal long HeardUs { get; set; } = long.MinValue / 2;

        internal long AskedUs { get; set; } = long.MinValue / 2;

        internal long ProposedUs { get; set; } = long.MinValue / 2;

        /// <summary>Until when a node has its first lease that is promoted at this epoch.</summary>
        internal long NextLeaseUntilUs { get; set; }

        internal bool IsMissingTold { get; set; }

        internal Dictionary<ClusterId, SealAnswer> Answers { get; } = [];
    }
}
