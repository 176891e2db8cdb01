using DotNext.IO;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Bixbite.Consensus;

/// <summary>An entry of the log, or a snapshot of what entries made, as it came from another voter.</summary>
internal sealed record RaftEntry(long Term, ReadOnlyMemory<byte> Content, bool IsVoters = false, bool IsSnapshot = false) : IRaftLogEntry
{
    bool IRaftLogEntry.IsConfiguration => IsVoters;

    bool ILogEntry.IsSnapshot => IsSnapshot;

    bool IDataTransferObject.IsReusable => true;

    long? IDataTransferObject.Length => Content.Length;

    ValueTask IDataTransferObject.WriteToAsync<TWriter>(TWriter writer, CancellationToken token) =>
        writer.WriteAsync(Content, lengthFormat: null, token);

    bool IDataTransferObject.TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = Content;
        return true;
    }
}
