using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Bixbite.Consensus;

/// <summary>
/// The library's log with two promises more, on which Raft's safety rests: what a follower acknowledges is on its disk, and a request that
/// comes late, or twice, takes nothing away that was acknowledged after it.
/// </summary>
internal sealed class DurableLog(WriteAheadLog.Options options, IStateMachine machine) : WriteAheadLog(options, machine), IPersistentState
{
    async ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(
        ILogEntryProducer<TEntry> entries, long startIndex, bool skipCommitted, CancellationToken token)
    {
        var arrived = new List<TEntry>();
        while (await entries.MoveNextAsync().ConfigureAwait(false))
        {
            arrived.Add(entries.Current);
        }
        int known = 0;
        while (known < arrived.Count && await HasAsync(startIndex + known, arrived[known].Term, token).ConfigureAwait(false))
        {
            known++;
        }
        if (known < arrived.Count)
        {
            var added = new LogEntryProducer<TEntry>(arrived.GetRange(known, arrived.Count - known));
            await AppendAsync(added, startIndex + known, skipCommitted, token).ConfigureAwait(false);
        }
        if (arrived.Count > 0)
        {
            await FlushAsync(token).ConfigureAwait(false);
        }
    }

    /// <summary>Whether an entry is there already: what is committed is the same everywhere, and so is what has the same term.</summary>
    private async ValueTask<bool> HasAsync(long index, long term, CancellationToken token) =>
        index <= LastCommittedEntryIndex
        || (index <= LastEntryIndex && await ReadAsync(TermReader.Instance, index, index, token).ConfigureAwait(false) == term);

    private sealed class TermReader : ILogEntryConsumer<IRaftLogEntry, long>
    {
        internal static readonly TermReader Instance = new();

        bool ILogEntryConsumer<IRaftLogEntry, long>.LogEntryMetadataOnly => true;

        ValueTask<long> ILogEntryConsumer<IRaftLogEntry, long>.ReadAsync<TEntry, TList>(
            TList entries, long? snapshotIndex, CancellationToken token) => new(entries[0].Term);
    }
}
