using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Control;

/// <summary>
/// A log that a majority of voters agrees on, and who of them leads. What is agreed on, it does not know. Any thread may call; nothing
/// here waits longer than its cancellation.
/// </summary>
public interface IConsensus : IAsyncDisposable
{
    public ConsensusStatus Status { get; }

    /// <summary>Loads what is on disk into the state, then takes part. Throws what the disk says if that cannot be read.</summary>
    public Task StartAsync(CancellationToken cancellation);

    /// <summary>Puts an entry into the log, at the leader only; ends when it is applied here, or will not be, or nobody knows.</summary>
    public Task<Proposal> ProposeAsync(ReadOnlyMemory<byte> entry, CancellationToken cancellation);

    /// <summary>
    /// The read barrier: whether a majority confirmed, after the call, that this node leads in that term and did so all the time. All
    /// entries that were committed before the call are applied then.
    /// </summary>
    public Task<bool> ConfirmLeadershipAsync(long term, CancellationToken cancellation);

    /// <summary>Makes a node a voter, at the leader only; the node has to be reached, and is brought up to date first.</summary>
    public Task<ProposalOutcome> AddVoterAsync(ClusterId voter, CancellationToken cancellation);

    public Task<ProposalOutcome> RemoveVoterAsync(ClusterId voter, CancellationToken cancellation);
}

/// <summary>The state that the entries of the log make. Called by one thread at a time.</summary>
public interface IReplicatedState
{
    /// <summary>
    /// Applies the next entry of the log: each once and in order since the last <see cref="Load"/>, on every node to the same effect. Never
    /// throws.
    /// </summary>
    /// <returns>A number for whoever proposed the entry on this node.</returns>
    public long Apply(long index, ReadOnlySpan<byte> entry);

    /// <summary>All that the entries up to now have made.</summary>
    public byte[] Save();

    /// <summary>Takes what <see cref="Save"/> gave, here or elsewhere, in place of what is there; no bytes are the beginning.</summary>
    public void Load(ReadOnlySpan<byte> snapshot);
}

/// <summary>How voters reach each other. Requests and answers are bytes that only consensus knows.</summary>
public interface IVoterTransport
{
    /// <summary>Sends a request and waits for the answer; null if the voter cannot be reached, or has no answer.</summary>
    public ValueTask<ReadOnlyMemory<byte>?> AskAsync(ClusterId voter, ReadOnlyMemory<byte> request, CancellationToken cancellation);

    /// <summary>Who answers what other voters ask here; nobody if null.</summary>
    public void Serve(VoterAnswer? answer);
}

/// <summary>Answers a request of another voter; null where there is no answer.</summary>
public delegate ValueTask<ReadOnlyMemory<byte>?> VoterAnswer(ClusterId from, ReadOnlyMemory<byte> request, CancellationToken cancellation);
