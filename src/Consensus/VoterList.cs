using Bixbite.Cluster.Document;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.Membership;

namespace Bixbite.Consensus;

/// <summary>The voters at one moment, by the ids of their nodes; as bytes these ids one after another.</summary>
internal sealed class VoterList : IClusterConfiguration<ClusterId>
{
    private readonly SortedSet<ClusterId> _voters;
    private readonly byte[] _bytes;

    internal VoterList(IEnumerable<ClusterId> voters)
    {
        _voters = [.. voters];
        _bytes = new byte[_voters.Count * ClusterId.Size];
        Span<byte> at = _bytes;
        foreach (ClusterId voter in _voters)
        {
            voter.Write(at);
            at = at[ClusterId.Size..];
        }
    }

    public IReadOnlySet<ClusterId> Members => _voters;

    bool IDataTransferObject.IsReusable => true;

    long? IDataTransferObject.Length => _bytes.Length;

    internal static VoterList Read(ReadOnlySpan<byte> bytes)
    {
        var voters = new List<ClusterId>();
        for (; bytes.Length >= ClusterId.Size; bytes = bytes[ClusterId.Size..])
        {
            voters.Add(ClusterId.Read(bytes));
        }
        return new VoterList(voters);
    }

    internal byte[] ToBytes() => _bytes;

    public IClusterConfiguration<ClusterId> Add(ClusterId address) =>
        _voters.Contains(address) ? this : new VoterList(_voters.Append(address));

    public IClusterConfiguration<ClusterId> Remove(ClusterId address) =>
        _voters.Contains(address) ? new VoterList(_voters.Where(voter => voter != address)) : this;

    ValueTask IDataTransferObject.WriteToAsync<TWriter>(TWriter writer, CancellationToken token) =>
        writer.WriteAsync(_bytes, lengthFormat: null, token);

    bool IDataTransferObject.TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = _bytes;
        return true;
    }
}
