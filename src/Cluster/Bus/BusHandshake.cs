namespace Bixbite.Cluster.Bus;

/// <summary>
/// The first thing that both sides do, alike: say who they are, and prove that they know the secret. Nothing else is read before, and no
/// more bytes than that takes.
/// <code>
///   one side                 the other side
///   Hello(ids, challenge)    Hello(ids, challenge)
///   Proof(HMAC of both)      Proof(HMAC of both)
/// </code>
/// </summary>
internal static class BusHandshake
{
    /// <summary>The peer, or null with the reason why it is none.</summary>
    internal static async Task<(BusHello? Peer, string Reason)> RunAsync(
        BusStream stream, BusIdentity identity, CancellationToken cancellation)
    {
        var own = BusHello.Draw(identity.Cluster, identity.Node);
        await stream.WriteAsync(new BusFrame(BusKind.Hello, 0, 0, own.ToBytes()), cancellation).ConfigureAwait(false);
        BusFrame? first = await stream.ReadAsync(BusFrame.FirstPayloadMax, cancellation).ConfigureAwait(false);
        if (first is not { Kind: BusKind.Hello } hello || BusHello.Read(hello.Payload.Span) is not { } peer)
        {
            return (null, "it does not speak the bus' protocol");
        }
        if (!identity.MaySpeakWith(peer))
        {
            return (null, $"it is node {peer.Node} of cluster {peer.Cluster} with version {peer.Version}");
        }
        byte[] proof = BusHello.ProofOf(identity.Secret.Span, own, peer);
        await stream.WriteAsync(new BusFrame(BusKind.Proof, 0, 0, proof), cancellation).ConfigureAwait(false);
        BusFrame? second = await stream.ReadAsync(BusFrame.FirstPayloadMax, cancellation).ConfigureAwait(false);
        return second is { Kind: BusKind.Proof } answer && BusHello.IsProof(answer.Payload.Span, identity.Secret.Span, peer, own)
            ? (peer, "")
            : (null, $"node {peer.Node} does not know the secret of this cluster");
    }
}
