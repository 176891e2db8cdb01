using Bixbite.Cluster.Control;
using Bixbite.Cluster.Document;
using Bixbite.Platform;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Bixbite.Consensus;

/// <summary>One life of the library's Raft in this process: what the watchdog ends and starts anew.</summary>
internal sealed class RaftEngine : IAsyncDisposable
{
    private readonly VoterStorage _storage;
    private readonly AppliedState _applied;
    private readonly DurableLog _log;
    private readonly VotingCluster _cluster;

    private RaftEngine(VoterStorage storage, AppliedState applied, DurableLog log, VotingCluster cluster)
    {
        _storage = storage;
        _applied = applied;
        _log = log;
        _cluster = cluster;
    }

    private IPersistentState Log => _log;

    /// <summary>Opens what is on disk and takes part. Throws if it cannot be read.</summary>
    internal static async Task<RaftEngine> StartAsync(
        RaftOptions options, IDisk disk, IReplicatedState state, IVoterTransport transport, CancellationToken cancellation)
    {
        disk.CreateFolder(options.Folder);
        var storage = new VoterStorage(disk, options.Folder);
        if (options.FoundsLog)
        {
            storage.Found(options.Self);
        }
        var applied = new AppliedState(
            new DirectoryInfo(Path.Combine(options.Folder, "snapshots")), state, storage, options.EntriesPerSnapshot);
        await applied.LoadAsync(cancellation).ConfigureAwait(false);
        var log = new DurableLog(
            new WriteAheadLog.Options
            {
                Location = Path.Combine(options.Folder, "log"),
                HashAlgorithm = WriteAheadLog.IntegrityHashAlgorithm.XxHash3,
            },
            applied);
        var cluster = new VotingCluster(options, storage, applied, transport) { AuditTrail = log };
        var engine = new RaftEngine(storage, applied, log, cluster);
        transport.Serve(engine.AnswerAsync);
        try
        {
            await cluster.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            await engine.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        return engine;
    }

    internal ConsensusStatus StatusOf(ClusterId self, int restarts)
    {
        Voter? leader = _cluster.Leader;
        ConsensusRole role = ConsensusRole.Searching;
        if (leader is null && _cluster.Members.All(member => member.Id != self))
        {
            role = ConsensusRole.None;
        }
        else if (leader is not null && leader.Id != self)
        {
            role = ConsensusRole.Following;
        }
        else if (leader is not null && IsLeading())
        {
            role = ConsensusRole.Leading;
        }
        return new ConsensusStatus(role, leader?.Id ?? default, _cluster.LedTerm ?? Log.Term, restarts);
    }

    internal async Task<Proposal> ProposeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var pending = new PendingProposal();
        if (_cluster.LedTerm is not { } term)
        {
            return new Proposal(ProposalOutcome.NotLeader);
        }
        try
        {
            var entry = new BinaryLogEntry { Term = term, Content = bytes, Context = pending };
            await _cluster.ReplicateAsync(entry, cancellation).ConfigureAwait(false);
        }
        catch (NotLeaderException failure)
        {
            return new Proposal(failure.InnerException is null ? ProposalOutcome.NotLeader : ProposalOutcome.Unknown);
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            return new Proposal(ProposalOutcome.Unknown);
        }
        // Another entry may have taken its place in the log while leadership changed twice.
        return pending.Result is { } result ? new Proposal(ProposalOutcome.Committed, result) : new Proposal(ProposalOutcome.Unknown);
    }

    internal async Task<bool> ConfirmLeadershipAsync(long term, CancellationToken cancellation)
    {
        try
        {
            CancellationToken leadership = _cluster.LeadershipToken;
            if (leadership.IsCancellationRequested || _cluster.LedTerm != term)
            {
                return false;
            }
            await _cluster.ApplyReadBarrierAsync(ReadBarrierType.Strong, cancellation).ConfigureAwait(false);
            return !leadership.IsCancellationRequested && _cluster.LedTerm == term;
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            return false;
        }
    }

    internal Task<ProposalOutcome> AddVoterAsync(ClusterId voter, CancellationToken cancellation) =>
        ChangeVotersAsync(() => _cluster.AddVoterAsync(voter, cancellation));

    internal Task<ProposalOutcome> RemoveVoterAsync(ClusterId voter, CancellationToken cancellation) =>
        ChangeVotersAsync(() => _cluster.RemoveVoterAsync(voter, cancellation));

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _cluster.DisposeAsync().ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
        await _applied.DisposeAsync().ConfigureAwait(false);
        _storage.Dispose();
    }

    private static bool IsEnd(Exception failure) => failure is OperationCanceledException or NotLeaderException
        or QuorumUnreachableException or ObjectDisposedException or IOException or System.Diagnostics.UnreachableException;

    private static async Task<ProposalOutcome> ChangeVotersAsync(Func<Task<bool>> change)
    {
        try
        {
            return await change().ConfigureAwait(false) ? ProposalOutcome.Committed : ProposalOutcome.Refused;
        }
        catch (NotLeaderException failure)
        {
            return failure.InnerException is null ? ProposalOutcome.NotLeader : ProposalOutcome.Unknown;
        }
        catch (RaftProtocolException)
        {
            return ProposalOutcome.Refused;
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            return ProposalOutcome.Unknown;
        }
    }

    private bool IsLeading()
    {
        try
        {
            return !_cluster.LeadershipToken.IsCancellationRequested;
        }
        catch (System.Diagnostics.UnreachableException)
        {
            // The engine is dead: the watchdog sees to it.
            return false;
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(ClusterId from, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!RaftRequest.TryRead(bytes, out RaftRequest? request))
        {
            return null;
        }
        try
        {
            RaftReply reply = await _cluster.AnswerAsync(from, request, cancellation).ConfigureAwait(false);
            return reply.ToBytes();
        }
        catch (Exception failure) when (IsEnd(failure) || failure is InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
