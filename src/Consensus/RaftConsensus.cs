using Bixbite.Cluster.Control;
using Bixbite.Cluster.Document;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Consensus;

/// <summary>Raft as DotNext.Net.Cluster has it, with a watchdog that starts it anew when it neither leads nor follows.</summary>
public sealed class RaftConsensus : IConsensus
{
    private readonly RaftOptions _options;
    private readonly IDisk _disk;
    private readonly IReplicatedState _state;
    private readonly IVoterTransport _transport;
    private readonly ServerLog _log;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _lives = new(1, 1);
    private RaftEngine? _engine;
    private Task _watch = Task.CompletedTask;
    private int _restarts;

    public RaftConsensus(RaftOptions options, IDisk disk, IReplicatedState state, IVoterTransport transport, ServerLog log)
    {
        _options = options;
        _disk = disk;
        _state = state;
        _transport = transport;
        _log = log;
    }

    public ConsensusStatus Status => Volatile.Read(ref _engine)?.StatusOf(_options.Self, Volatile.Read(ref _restarts))
        ?? new ConsensusStatus(ConsensusRole.None, default, 0, Volatile.Read(ref _restarts));

    public async Task StartAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref _engine, await OpenAsync(cancellation).ConfigureAwait(false));
        _watch = WatchAsync();
    }

    public Task<Proposal> ProposeAsync(ReadOnlyMemory<byte> entry, CancellationToken cancellation) =>
        Volatile.Read(ref _engine)?.ProposeAsync(entry, cancellation) ?? Task.FromResult(new Proposal(ProposalOutcome.NotLeader));

    public Task<bool> ConfirmLeadershipAsync(long term, CancellationToken cancellation) =>
        Volatile.Read(ref _engine)?.ConfirmLeadershipAsync(term, cancellation) ?? Task.FromResult(false);

    public Task<ProposalOutcome> AddVoterAsync(ClusterId voter, CancellationToken cancellation) =>
        Volatile.Read(ref _engine)?.AddVoterAsync(voter, cancellation) ?? Task.FromResult(ProposalOutcome.NotLeader);

    public Task<ProposalOutcome> RemoveVoterAsync(ClusterId voter, CancellationToken cancellation) =>
        Volatile.Read(ref _engine)?.RemoveVoterAsync(voter, cancellation) ?? Task.FromResult(ProposalOutcome.NotLeader);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _transport.Serve(null);
        if (Interlocked.Exchange(ref _engine, null) is { } engine)
        {
            await engine.DisposeAsync().ConfigureAwait(false);
        }
        _lives.Dispose();
        _end.Dispose();
    }

    /// <summary>Ends the engine as it is, and starts it from what is on disk.</summary>
    internal async Task RestartAsync(string reason, CancellationToken cancellation)
    {
        await _lives.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _log.Write(LogLevel.Warning, $"Consensus is started anew: {reason}");
            _transport.Serve(null);
            if (Interlocked.Exchange(ref _engine, null) is { } engine)
            {
                await engine.DisposeAsync().ConfigureAwait(false);
            }
            Interlocked.Increment(ref _restarts);
            Volatile.Write(ref _engine, await OpenAsync(cancellation).ConfigureAwait(false));
        }
        finally
        {
            _lives.Release();
        }
    }

    private Task<RaftEngine> OpenAsync(CancellationToken cancellation) =>
        RaftEngine.StartAsync(_options, _disk, _state, _transport, cancellation);

    /// <summary>A majority that cannot be reached looks like a broken engine: the pauses double, so that this does no harm.</summary>
    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(_options.ElectionTimeoutMs));
        TimeSpan patience = _options.WatchdogTimeout;
        long wellAt = Environment.TickCount64;
        ConsensusStatus told = default;
        while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
        {
            ConsensusStatus status = Status;
            Tell(ref told, status);
            if (status.Role is ConsensusRole.Leading or ConsensusRole.Following)
            {
                wellAt = Environment.TickCount64;
                patience = _options.WatchdogTimeout;
            }
            else if (Environment.TickCount64 - wellAt > patience.TotalMilliseconds)
            {
                patience *= 2;
                await TryRestartAsync($"it has known no leader for {(Environment.TickCount64 - wellAt) / 1000} s").ConfigureAwait(false);
                wellAt = Environment.TickCount64;
            }
        }
    }

    private async Task TryRestartAsync(string reason)
    {
        try
        {
            await RestartAsync(reason, _end.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _log.Write(LogLevel.Warning, $"Consensus cannot be started: {failure.Message}");
        }
    }

    private void Tell(ref ConsensusStatus told, ConsensusStatus status)
    {
        if ((told.Role, told.Leader, told.Term) != (status.Role, status.Leader, status.Term))
        {
            told = status;
            string leader = status.Leader.IsNone ? "unknown" : status.Leader.ToString();
            _log.Write(LogLevel.Notice, $"Consensus: {status.Role} in term {status.Term}, the leader is {leader}");
        }
    }
}
