using Bixbite.Cluster.Control.Leases;
using Bixbite.Cluster.Document;
using Xunit;

namespace Bixbite.Unit.Cluster.Control.Leases;

/// <summary>Which part of the argument is left out, so that the world can be seen to notice.</summary>
internal enum LeftOut
{
    Nothing,

    /// <summary>A primary executes requests without a lease.</summary>
    LeaseOfRequests,

    /// <summary>A primary counts acknowledgements of replicas without a lease.</summary>
    LeaseOfAcknowledgements,

    /// <summary>The leader grants without asking a majority.</summary>
    Barrier,
}

/// <summary>
/// One shard of a primary and two replicas, five nodes of which each may lead the control plane, and all that can go wrong, by one seed:
/// messages that are lost, late or come twice, nodes that stand still, links that are cut, clocks whose rates differ by a tenth, leaders
/// that do not know yet that they are replaced. Consensus is what its interface promises, and no more: one leader per term, barriers and
/// changes of the leader of the latest term only.
/// </summary>
internal sealed class LeaseWorld
{
    private const int NodeCount = 5;
    private const int ShardNodes = 3;
    private const long Second = 1_000_000;
    private static readonly LeaseTimes s_times = new(Second);

    private readonly PriorityQueue<Action, (long, int)> _events = new();
    private readonly Random _random;
    private readonly LeftOut _leftOut;
    private readonly SimulatedNode[] _nodes;
    private readonly Dictionary<(ClusterId, ClusterId), long> _cuts = [];
    private readonly HashSet<int> _acknowledged = [];
    private ClusterDocument _document;
    private long _nowUs;
    private long _term;
    private int _order;

    internal LeaseWorld(int seed, LeftOut leftOut)
    {
        _random = new Random(seed);
        _leftOut = leftOut;
        _document = FirstDocument(replicasMin: 1);
        _nodes = [.. _document.Nodes.Keys.Order().Select(NodeOf)];
    }

    internal string? Fault { get; private set; }

    internal int AcknowledgedCount => _acknowledged.Count;

    internal int FailoverCount { get; private set; }

    private int WrittenCount { get; set; }

    internal void Run(int seconds)
    {
        foreach (SimulatedNode node in _nodes)
        {
            Every(s_times.RenewUs, node, () => Report(node));
            Every(s_times.LengthUs / 8, node, () => Decide(node));
            Every(100_000, node, () => Write(node));
            Every(300_000, node, () => Learn(node));
        }
        Later(0, Elect);
        Later(Second / 2, Disturb);
        while (_events.TryDequeue(out Action? act, out (long At, int) key) && key.At < seconds * Second && Fault is null)
        {
            _nowUs = key.At;
            act();
        }
        CheckNothingLost();
    }

    private static ClusterId Name(int number) => new((UInt128)number, 1);

    private static ClusterDocument FirstDocument(int replicasMin)
    {
        ClusterId shard = Name(100);
        ClusterDocument document = ClusterDocument.Alone(Name(200), Member(1, shard));
        for (int number = 2; number <= NodeCount; number++)
        {
            ClusterNode node = Member(number, shard);
            node = number <= ShardNodes ? node : node with { Shard = default, Flags = NodeFlags.Witness };
            document = Applied(document, new JoinNode(node, SlotSet.Empty, Epoch: 0));
        }
        var all = new SlotMarks();
        all.Set(new SlotRange(0, 16383));
        document = Applied(document, new AssignSlots(shard, SlotSet.From(all)));
        return Applied(document, new SetReplicasMin(shard, replicasMin));
    }

    private static ClusterNode Member(int number, ClusterId shard) =>
        new(Name(number), new NodeAddress("10.0.0." + number, 6379, 0, 16379), shard, NodeFlags.None);

    private static ClusterDocument Applied(ClusterDocument document, ClusterChange change)
    {
        ChangeResult result = document.Apply(change);
        Assert.True(result.IsApplied, $"{change}: {result.Outcome}");
        return result.Document;
    }

    /// <summary>A tenth between the fastest and the slowest clock.</summary>
    private SimulatedNode NodeOf(ClusterId id) =>
        new(id, s_times, 0.9535 + (_random.NextDouble() * 0.0953), _random.NextInt64(1000 * Second)) { Document = _document };

    private void Later(long delayUs, Action act) => _events.Enqueue(act, (_nowUs + delayUs, _order++));

    /// <summary>On a node, which does it when it is not paused.</summary>
    private void Later(long delayUs, SimulatedNode node, Action act) => Later(delayUs, () =>
    {
        if (_nowUs < node.PausedUntilUs)
        {
            Later(node.PausedUntilUs - _nowUs, node, act);
        }
        else
        {
            act();
        }
    });

    private void Every(long periodUs, SimulatedNode node, Action act)
    {
        void Again()
        {
            act();
            Later(periodUs, node, Again);
        }

        Later(_random.NextInt64(periodUs), node, Again);
    }

    private long Delay() => _random.Next(12) switch
    {
        0 => _random.NextInt64(3 * Second),
        1 => _random.NextInt64(400_000),
        _ => _random.NextInt64(1000, 20_000),
    };

    private void Send(SimulatedNode from, SimulatedNode to, Action<SimulatedNode> arrive)
    {
        if (_random.Next(20) == 0 || _cuts.GetValueOrDefault((from.Id, to.Id)) > _nowUs)
        {
            return;
        }
        for (int copies = _random.Next(15) == 0 ? 2 : 1; copies > 0; copies--)
        {
            Later(from == to ? 0 : Delay(), to, () => arrive(to));
        }
    }

    private SimulatedNode Get(ClusterId id) => _nodes.Single(node => node.Id == id);

    private void Elect()
    {
        _term++;
        long term = _term;
        SimulatedNode leader = _nodes[_random.Next(NodeCount)];
        Later(_random.NextInt64(100_000), leader, () =>
        {
            leader.Document = _document;
            leader.LeadingTerm = term;
            leader.Decider.BeginLeading(leader.ClockUs(_nowUs));
        });
        foreach (SimulatedNode other in _nodes.Where(node => node != leader))
        {
            Later(_random.NextInt64(4 * Second), other, () => other.LeadingTerm = other.LeadingTerm < term ? 0 : other.LeadingTerm);
        }
        Later(_random.NextInt64(Second, 20 * Second), Elect);
    }

    /// <summary>A pause, or a cut in one direction or both.</summary>
    private void Disturb()
    {
        SimulatedNode node = _nodes[_random.Next(ShardNodes)];
        long lengthUs = _random.NextInt64(50_000, 6 * Second);
        if (_random.Next(3) == 0)
        {
            node.PausedUntilUs = _nowUs + lengthUs;
        }
        else
        {
            bool isOneWay = _random.Next(3) == 0;
            foreach (SimulatedNode other in _nodes.Where(other => other != node && _random.Next(4) != 0))
            {
                _cuts[(node.Id, other.Id)] = _nowUs + lengthUs;
                _cuts[(other.Id, node.Id)] = isOneWay ? 0 : _nowUs + lengthUs;
            }
        }
        Later(_random.NextInt64(200_000, 4 * Second), Disturb);
    }

    /// <summary>The document comes to each node some time.</summary>
    private void Learn(SimulatedNode node)
    {
        SimulatedNode source = _nodes[_random.Next(NodeCount)];
        Send(source, node, to => to.Document = to.Document.Version < source.Document.Version ? source.Document : to.Document);
    }

    private void Report(SimulatedNode node)
    {
        var report = new NodeReport(
            node.Id, node.Shard.Id, node.Shard.Epoch, node.Stream.Count, node.ClockUs(_nowUs), node.TakesItselfForPrimary);
        foreach (SimulatedNode leader in _nodes.Where(other => other.LeadingTerm > 0))
        {
            Send(node, leader, to => TakeReport(to, node, report));
        }
    }

    private void TakeReport(SimulatedNode leader, SimulatedNode from, NodeReport report)
    {
        if (leader.LeadingTerm == 0 || !leader.Decider.TakeReport(report, leader.Document, leader.ClockUs(_nowUs)))
        {
            return;
        }
        AfterBarrier(leader, () =>
        {
            if (leader.Decider.MayGrant(report, leader.Document))
            {
                Send(leader, from, to => to.Lease.Take(report.Epoch, report.SentUs));
            }
        });
    }

    /// <summary>A majority answers some time later, and the answers take their time to come back.</summary>
    private void AfterBarrier(SimulatedNode leader, Action act)
    {
        long term = leader.LeadingTerm;
        Later(_leftOut == LeftOut.Barrier ? 0 : Delay(), () =>
        {
            if (_term == term || _leftOut == LeftOut.Barrier)
            {
                Later(Delay(), leader, () =>
                {
                    if (leader.LeadingTerm == term)
                    {
                        act();
                    }
                });
            }
        });
    }

    private void Propose(SimulatedNode leader, ClusterChange change, Action committed)
    {
        long term = leader.LeadingTerm;
        Later(Delay(), () =>
        {
            ChangeResult result = _document.Apply(change);
            if (_term != term || !result.IsApplied)
            {
                return;
            }
            _document = result.Document;
            FailoverCount += change is LeadShard ? 1 : 0;
            leader.Document = _document;
            Later(Delay(), leader, () =>
            {
                if (leader.LeadingTerm == term)
                {
                    committed();
                }
            });
        });
    }

    private void Decide(SimulatedNode leader)
    {
        if (leader.LeadingTerm == 0)
        {
            return;
        }
        foreach (FailoverAction action in leader.Decider.Decide(leader.Document, leader.ClockUs(_nowUs)))
        {
            switch (action)
            {
                case SealReplica seal:
                    AfterBarrier(leader, () => Send(leader, Get(seal.Replica), to => Seal(to, leader, seal)));
                    break;
                case PromoteReplica promote:
                    Propose(leader, new LeadShard(promote.Shard, promote.Replica, promote.ExpectedEpoch), () => Send(
                        leader, Get(promote.Replica), to => to.Lease.Take(promote.ExpectedEpoch + 1, promote.SentUs)));
                    break;
                case KeepPrimary keep:
                    Propose(leader, new RaiseEpoch(keep.Shard, Epoch: 0), () => { });
                    break;
                default:
                    break;
            }
        }
    }

    private void Seal(SimulatedNode replica, SimulatedNode leader, SealReplica seal)
    {
        if (seal.Epoch <= replica.Shard.Epoch)
        {
            return;
        }
        replica.SealedEpoch = Math.Max(replica.SealedEpoch, seal.Epoch);
        // Shorter than in truth: nothing may depend on it.
        replica.SealedUntilUs = replica.ClockUs(_nowUs) + s_times.LengthUs;
        var answer = new SealAnswer(
            replica.Id,
            seal.Shard,
            seal.Epoch,
            seal.Round,
            replica.FollowedEpoch,
            replica.Stream.Count,
            replica.ClockUs(_nowUs));
        Send(replica, leader, to => to.Decider.TakeAnswer(answer));
    }

    /// <summary>The primary executes a write if it may, and sends its replicas all that they lack.</summary>
    private void Write(SimulatedNode primary)
    {
        if (!primary.TakesItselfForPrimary)
        {
            return;
        }
        if (primary.IsServing(_nowUs) || _leftOut == LeftOut.LeaseOfRequests)
        {
            if (_nodes.Any(other => other != primary && other.IsServing(_nowUs)))
            {
                Fault = $"two primaries serve at {_nowUs} us";
                return;
            }
            primary.FollowedEpoch = primary.Shard.Epoch;
            primary.Stream = [.. primary.Stream, ++WrittenCount];
        }
        List<int> stream = primary.Stream;
        long epoch = primary.Shard.Epoch;
        foreach (ClusterNode replica in primary.Document.ReplicasOf(primary.Shard))
        {
            Send(primary, Get(replica.Id), to => Follow(to, primary, epoch, stream));
        }
    }

    private void Follow(SimulatedNode replica, SimulatedNode primary, long epoch, List<int> stream)
    {
        if (epoch < replica.Shard.Epoch || replica.IsSealed(_nowUs) || replica.Shard.Primary != primary.Id)
        {
            return;
        }
        if (epoch > replica.FollowedEpoch || stream.Count > replica.Stream.Count)
        {
            replica.FollowedEpoch = epoch;
            replica.Stream = stream;
        }
        int count = replica.Stream.Count;
        Send(replica, primary, to => TakeAcknowledgement(to, epoch, count));
    }

    private void TakeAcknowledgement(SimulatedNode primary, long epoch, int count)
    {
        if (!primary.TakesItselfForPrimary || epoch != primary.Shard.Epoch)
        {
            return;
        }
        if (!primary.IsServing(_nowUs) && _leftOut != LeftOut.LeaseOfAcknowledgements)
        {
            return;
        }
        foreach (int write in primary.Stream.Take(count))
        {
            _acknowledged.Add(write);
        }
        CheckNothingLost();
    }

    /// <summary>Who is the primary by the document has all that was acknowledged, or is the old one that still has its lease.</summary>
    private void CheckNothingLost()
    {
        SimulatedNode primary = Get(_document.Shards.Values.Single().Primary);
        HashSet<int> has = [.. primary.Stream];
        if (_acknowledged.FirstOrDefault(write => !has.Contains(write)) is var lost and not 0)
        {
            Fault ??= $"write {lost} is acknowledged, and the primary at {_nowUs} us has it not";
        }
    }
}
