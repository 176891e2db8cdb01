using System.Net;
using Bixbite.Cluster.Control;
using Bixbite.Cluster.Document;
using DotNext.IO;
using DotNext.Net.Cluster;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Bixbite.Consensus;

/// <summary>
/// Another voter, or this one, which answers itself. Whatever goes wrong on the way is a member that is not available: the library knows
/// no other failure.
/// </summary>
internal sealed class Voter(ClusterId id, bool isRemote, IVoterTransport transport, TimeSpan timeout) : IRaftClusterMember, IDisposable
{
    /// <summary>Entries of one request; a voter that lacks more gets them in several.</summary>
    private const int EntriesMax = 512;

    private CancellationTokenSource _pending = new();
    private IRaftClusterMember.ReplicationState _state;
    private ClusterMemberStatus _status;

    event Action<ClusterMemberStatusChangedEventArgs> IClusterMember.MemberStatusChanged
    {
        add { }
        remove { }
    }

    internal ClusterId Id { get; } = id;

    public EndPoint EndPoint { get; } = new VoterEndPoint(id);

    public bool IsRemote => isRemote;

    /// <summary>Asked by nobody: who leads, the cluster knows.</summary>
    public bool IsLeader => false;

    public ClusterMemberStatus Status => isRemote ? _status : ClusterMemberStatus.Available;

    ClusterMemberId IClusterMember.Id { get; } = VoterEndPoint.MemberOf(id);

    ref IRaftClusterMember.ReplicationState IRaftClusterMember.State => ref _state;

    public async Task<Result<PreVoteResult>> PreVoteAsync(long term, long lastLogIndex, long lastLogTerm, CancellationToken token)
    {
        if (!isRemote)
        {
            return new Result<PreVoteResult> { Term = term, Value = PreVoteResult.Accepted };
        }
        var request = new RaftRequest(RaftCall.PreVote, term, lastLogIndex, lastLogTerm);
        RaftReply reply = await AskAsync(request, token).ConfigureAwait(false);
        return new Result<PreVoteResult> { Term = reply.Term, Value = (PreVoteResult)reply.Result };
    }

    public async Task<Result<bool>> VoteAsync(long term, long lastLogIndex, long lastLogTerm, CancellationToken token)
    {
        if (!isRemote)
        {
            return new Result<bool> { Term = term, Value = true };
        }
        RaftReply reply = await AskAsync(new RaftRequest(RaftCall.Vote, term, lastLogIndex, lastLogTerm), token).ConfigureAwait(false);
        return new Result<bool> { Term = reply.Term, Value = reply.Result != 0 };
    }

    public async Task<Result<ReplicationStatus>> AppendEntriesAsync<TEntry, TList>(
        long term, TList entries, long prevLogIndex, long prevLogTerm, long commitIndex, CancellationToken token)
        where TEntry : IRaftLogEntry
        where TList : IReadOnlyList<TEntry>
    {
        if (!isRemote)
        {
            return Replicated(term, HeartbeatResult.ReplicatedWithLeaderTerm, prevLogIndex + entries.Count);
        }
        var copies = new List<RaftEntry>(entries.Count);
        for (int i = 0; i < entries.Count; i++)
        {
            copies.Add(await CopyAsync(entries[i], token).ConfigureAwait(false));
        }
        // All of them go before the answer counts: the library takes it for the whole list.
        RaftReply reply;
        int sent = 0;
        do
        {
            int count = Math.Min(EntriesMax, copies.Count - sent);
            var request = new RaftRequest(RaftCall.Append, term, prevLogIndex + sent, sent == 0 ? prevLogTerm : copies[sent - 1].Term)
            {
                Commit = commitIndex,
                Entries = copies.GetRange(sent, count),
            };
            reply = await AskAsync(request, token).ConfigureAwait(false);
            sent += count;
        }
        while (sent < copies.Count && IsTaken(reply));
        return Replicated(reply.Term, (HeartbeatResult)reply.Result, reply.LastIndex);
    }

    public async Task<Result<HeartbeatResult>> InstallSnapshotAsync(
        long term,
        IRaftLogEntry snapshot,
        long snapshotIndex,
        IDataTransferObject configuration,
        long configurationVersion,
        CancellationToken token)
    {
        if (!isRemote)
        {
            return new Result<HeartbeatResult> { Term = term, Value = HeartbeatResult.ReplicatedWithLeaderTerm };
        }
        RaftEntry copy = await CopyAsync(snapshot, token).ConfigureAwait(false);
        var request = new RaftRequest(RaftCall.Snapshot, term, snapshotIndex, snapshot.Term)
        {
            Commit = configurationVersion,
            Voters = await configuration.ToByteArrayAsync(token: token).ConfigureAwait(false),
            Entries = [copy with { IsSnapshot = true }],
        };
        RaftReply reply = await AskAsync(request, token).ConfigureAwait(false);
        return new Result<HeartbeatResult> { Term = reply.Term, Value = (HeartbeatResult)reply.Result };
    }

    /// <summary>Followers do not read; they ask the leader in words of the control plane.</summary>
    public Task<long?> SynchronizeAsync(long commitIndex, CancellationToken token) => Task.FromResult<long?>(null);

    public ValueTask<IReadOnlyDictionary<string, string>> GetMetadataAsync(bool refresh = false, CancellationToken token = default) =>
        new(new Dictionary<string, string>());

    public Task<bool> ResignAsync(CancellationToken token) => Task.FromResult(false);

    /// <summary>Comes when this node leads no longer, too: requests after it are asked as ever.</summary>
    public ValueTask CancelPendingRequestsAsync()
    {
        Interlocked.Exchange(ref _pending, new CancellationTokenSource()).Cancel();
        return default;
    }

    public void Dispose()
    {
        _pending.Cancel();
        _pending.Dispose();
    }

    internal void Touch() => _status = ClusterMemberStatus.Available;

    private static bool IsTaken(RaftReply reply) =>
        (HeartbeatResult)reply.Result is HeartbeatResult.Replicated or HeartbeatResult.ReplicatedWithLeaderTerm;

    private static Result<ReplicationStatus> Replicated(long term, HeartbeatResult result, long lastIndex) => new()
    {
        Term = term,
        Value = new ReplicationStatus { Result = result, LastIndex = lastIndex },
    };

    private static async ValueTask<RaftEntry> CopyAsync<TEntry>(TEntry entry, CancellationToken token)
        where TEntry : IRaftLogEntry =>
        new(entry.Term, await entry.ToByteArrayAsync(token: token).ConfigureAwait(false), entry.IsConfiguration, entry.IsSnapshot);

    private async Task<RaftReply> AskAsync(RaftRequest request, CancellationToken token)
    {
        ReadOnlyMemory<byte>? answer;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token, Volatile.Read(ref _pending).Token);
            limit.CancelAfter(timeout);
            answer = await transport.AskAsync(Id, request.ToBytes(), limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or IOException)
        {
            answer = null;
        }
        if (answer is { } bytes && RaftReply.TryRead(bytes.Span, out RaftReply reply))
        {
            _status = ClusterMemberStatus.Available;
            return reply;
        }
        token.ThrowIfCancellationRequested();
        _status = ClusterMemberStatus.Unavailable;
        throw new MemberUnavailableException(this);
    }
}
