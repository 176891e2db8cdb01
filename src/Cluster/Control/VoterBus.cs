using Bixbite.Cluster.Bus;
using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Control;

/// <summary>Voters reach each other over the bus.</summary>
public sealed class VoterBus(BusNetwork network) : IVoterTransport
{
    public ValueTask<ReadOnlyMemory<byte>?> AskAsync(
        ClusterId voter, ReadOnlyMemory<byte> request, CancellationToken cancellation) =>
        network.AskAsync(voter, BusTopic.Voting, request, cancellation);

    public void Serve(VoterAnswer? answer) => network.Serve(
        BusTopic.Voting,
        answer is null ? null : (from, _, request, cancellation) => answer(from.Peer, request, cancellation));
}
