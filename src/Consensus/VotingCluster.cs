using System.Threading.Channels;
using Bixbite.Cluster.Control;
using Bixbite.Cluster.Document;
using DotNext.IO.Log;
using DotNext.Net.Cluster;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Membership;

namespace Bixbite.Consensus;

/// <summary>The library's Raft among voters that are named by their nodes and reached by the bus.</summary>
internal sealed class VotingCluster : RaftCluster<Voter>, IRaftCluster
{
    /// <summary>Rounds in which a new voter has to come up to the leader.</summary>
    private const int WarmUpRounds = 10;

    private const long NoTerm = -1;

    private readonly ClusterId _self;
    private readonly VoterStorage _storage;
    private readonly AppliedState _applied;
    private readonly IVoterTransport _transport;
    private readonly TimeSpan _timeout;
    private readonly Channel<IClusterConfiguration<ClusterId>> _changes = Channel.CreateUnbounded<IClusterConfiguration<ClusterId>>();
    private Task _following = Task.CompletedTask;
    private long _ledTerm = NoTerm;

    internal VotingCluster(RaftOptions options, VoterStorage storage, AppliedState applied, IVoterTransport transport)
        : base(options)
    {
        _self = options.Self;
        _storage = storage;
        _applied = applied;
        _transport = transport;
        _timeout = options.RequestTimeout;
        LeaderChanged += NoteLeader;
    }

    /// <summary>
    /// The term in which this node leads; null if it does not. Not the term of the log, which is that of the next leader for some
    /// milliseconds before this one's leadership ends: an entry that took its term from there would be taken for another's.
    /// </summary>
    internal long? LedTerm => Volatile.Read(ref _ledTerm) is var term and not NoTerm ? term : null;

    public override async Task StartAsync(CancellationToken token = default)
    {
        IRaftCluster.SetConfigurationStorage(AuditTrail, _storage);
        _storage.ConfigurationChanged += _changes.Writer.WriteAsync;
        await TakeOnAsync(await _storage.LoadConfigurationAsync(token).ConfigureAwait(false), token).ConfigureAwait(false);
        _following = FollowChangesAsync();
        await base.StartAsync(token).ConfigureAwait(false);
        StartFollowing();
    }

    public override async Task StopAsync(CancellationToken token = default)
    {
        _storage.ConfigurationChanged -= _changes.Writer.WriteAsync;
        _changes.Writer.TryComplete();
        await base.StopAsync(token).ConfigureAwait(false);
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal async Task<bool> AddVoterAsync(ClusterId voter, CancellationToken token)
    {
        using Voter member = Member(voter);
        return await AddMemberAsync(member, WarmUpRounds, _storage, added => added.Id, token).ConfigureAwait(false);
    }

    internal Task<bool> RemoveVoterAsync(ClusterId voter, CancellationToken token) =>
        RemoveMemberAsync(VoterEndPoint.MemberOf(voter), _storage, removed => removed.Id, token);

    internal async ValueTask<RaftReply> AnswerAsync(ClusterId from, RaftRequest request, CancellationToken token)
    {
        ClusterMemberId sender = VoterEndPoint.MemberOf(from);
        Voter? voter = TryGetMember(sender);
        voter?.Touch();
        switch (request.Call)
        {
            case RaftCall.PreVote:
                Result<PreVoteResult> mayVote = await PreVoteAsync(
                    sender, request.Term + 1, request.Index, request.IndexTerm, request.Version, token).ConfigureAwait(false);
                return new RaftReply(mayVote.Term, (byte)mayVote.Value);
            case RaftCall.Vote when voter is null:
                return new RaftReply(AuditTrail.Term, Result: 0);
            case RaftCall.Vote:
                Result<bool> vote = await VoteAsync(
                    sender, request.Term, request.Index, request.IndexTerm, request.Version, token).ConfigureAwait(false);
                return new RaftReply(vote.Term, vote.Value ? (byte)1 : (byte)0);
            case RaftCall.Append:
                return await AppendAsync(sender, request, token).ConfigureAwait(false);
            default:
                await InstallConfigurationAsync(request.Term, VoterList.Read(request.Voters.Span), request.Commit, token)
                    .ConfigureAwait(false);
                if (request.Index <= AuditTrail.LastCommittedEntryIndex)
                {
                    return await ConfirmAsync(sender, request, token).ConfigureAwait(false);
                }
                Result<HeartbeatResult> taken = await InstallSnapshotAsync(
                    sender, request.Term, request.Entries[0], request.Index, request.Version, token).ConfigureAwait(false);
                return new RaftReply(taken.Term, (byte)taken.Value, AuditTrail.LastEntryIndex);
        }
    }

    private async ValueTask<RaftReply> AppendAsync(ClusterMemberId sender, RaftRequest request, CancellationToken token)
    {
        RaftRequest needed = WithoutSnapshotted(request);
        Result<ReplicationStatus> appended = await AppendEntriesAsync(
            sender,
            needed.Term,
            new LogEntryProducer<RaftEntry>(needed.Entries),
            needed.Index,
            needed.IndexTerm,
            needed.Commit,
            needed.Version,
            token).ConfigureAwait(false);
        return new RaftReply(appended.Term, (byte)appended.Value.Result, appended.Value.LastIndex);
    }

    /// <summary>
    /// The answer to a snapshot of entries that are all committed here, as the leader does not know while answers are lost. The library
    /// refuses it without a look at who leads, and so it would come again for ever; it is taken like a request without entries behind it.
    /// </summary>
    private ValueTask<RaftReply> ConfirmAsync(ClusterMemberId sender, RaftRequest request, CancellationToken token) =>
        AppendAsync(sender, request with { IndexTerm = request.Entries[0].Term, Commit = request.Index, Entries = [] }, token);

    /// <summary>
    /// The request without the entries that a snapshot here holds: they are committed, so they are the same. The library compares terms of
    /// entries with that of the snapshot, and would refuse what is left for ever.
    /// </summary>
    private RaftRequest WithoutSnapshotted(RaftRequest request)
    {
        if (_applied.LastSnapshot is not { } snapshot || request.Index >= snapshot.Index)
        {
            return request;
        }
        int held = (int)Math.Min(snapshot.Index - request.Index, request.Entries.Count);
        return request with
        {
            Index = snapshot.Index,
            IndexTerm = snapshot.Term,
            Entries = [.. request.Entries.Skip(held)],
        };
    }

    /// <summary>Called by the library while nothing else can change the term.</summary>
    private void NoteLeader(RaftCluster<Voter> cluster, Voter? leader) =>
        Volatile.Write(ref _ledTerm, leader is { IsRemote: false } ? AuditTrail.Term : NoTerm);

    private Voter Member(ClusterId voter) => new(voter, voter != _self, _transport, _timeout);

    private async Task FollowChangesAsync()
    {
        await foreach (IClusterConfiguration<ClusterId> voters in _changes.Reader.ReadAllAsync(LifecycleToken).ConfigureAwait(false))
        {
            await TakeOnAsync(voters, LifecycleToken).ConfigureAwait(false);
        }
    }

    private async ValueTask TakeOnAsync(IClusterConfiguration<ClusterId> voters, CancellationToken token)
    {
        await using ConfigurationChangeScope scope = await ChangeConfigurationAsync(token).ConfigureAwait(false);
        HashSet<ClusterId> known = [.. scope.Members.Values.Select(member => member.Id)];
        foreach (Voter member in scope.Members.Values.Where(member => !voters.Members.Contains(member.Id)))
        {
            scope.MarkAsRemoved(member);
        }
        foreach (ClusterId voter in voters.Members.Where(voter => !known.Contains(voter)))
        {
            scope.MarkAsAdded(Member(voter));
        }
    }
}
