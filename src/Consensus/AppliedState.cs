using System.Buffers;
using Bixbite.Cluster.Control;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Bixbite.Consensus;

/// <summary>Hands committed entries to the state, and keeps a snapshot of it on disk, so that the log stays short.</summary>
internal sealed class AppliedState(DirectoryInfo folder, IReplicatedState state, VoterStorage voters, int entriesPerSnapshot)
    : SimpleStateMachine(folder)
{
    private int _sinceSnapshot;

    internal ISnapshot? LastSnapshot => ((ISnapshotManager)this).Snapshot;

    /// <summary>Brings the state to the last snapshot; the log brings it on from there.</summary>
    internal async Task LoadAsync(CancellationToken cancellation)
    {
        state.Load(default);
        await RestoreAsync(cancellation).ConfigureAwait(false);
    }

    protected override async ValueTask RestoreAsync(FileInfo snapshotFile, CancellationToken token) =>
        state.Load(await File.ReadAllBytesAsync(snapshotFile.FullName, token).ConfigureAwait(false));

    protected override ValueTask PersistAsync(IAsyncBinaryWriter writer, CancellationToken token) =>
        writer.WriteAsync(state.Save(), lengthFormat: null, token);

    protected override async ValueTask<bool> ApplyAsync(LogEntry entry, CancellationToken token)
    {
        if (entry.IsConfiguration)
        {
            // When a log is opened the library applies what is in it before it has been told of the list of voters.
            await voters.SaveConfigurationAsync(entry, entry.Index, token).ConfigureAwait(false);
        }
        else if (entry.TryGetPayload(out ReadOnlySequence<byte> payload) && !payload.IsEmpty)
        {
            long result = state.Apply(entry.Index, payload.IsSingleSegment ? payload.FirstSpan : payload.ToArray());
            (entry.Context as PendingProposal)?.Applied(result);
        }
        bool isSnapshotDue = ++_sinceSnapshot >= entriesPerSnapshot;
        if (isSnapshotDue)
        {
            _sinceSnapshot = 0;
        }
        return isSnapshotDue;
    }
}

/// <summary>Goes with an entry through the log of the node that proposed it, and brings back what its application gave.</summary>
internal sealed class PendingProposal
{
    private long _result;
    private bool _isApplied;

    /// <summary>Null until the entry is applied.</summary>
    internal long? Result => Volatile.Read(ref _isApplied) ? _result : null;

    internal void Applied(long result)
    {
        _result = result;
        Volatile.Write(ref _isApplied, true);
    }
}
