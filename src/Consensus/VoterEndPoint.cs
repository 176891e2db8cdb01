using System.Net;
using Bixbite.Cluster.Document;
using DotNext.Net.Cluster;

namespace Bixbite.Consensus;

/// <summary>A voter as the library names it: by the id of the node, whatever its addresses are.</summary>
internal sealed class VoterEndPoint(ClusterId id) : EndPoint
{
    internal ClusterId Id { get; } = id;

    internal static ClusterMemberId MemberOf(ClusterId id)
    {
        Span<byte> bytes = stackalloc byte[Math.Max(ClusterId.Size, ClusterMemberId.Size)];
        bytes.Clear();
        id.Write(bytes);
        return new ClusterMemberId(bytes);
    }

    public override bool Equals(object? obj) => obj is VoterEndPoint other && other.Id == Id;

    public override int GetHashCode() => Id.GetHashCode();

    public override string ToString() => Id.ToString();
}
