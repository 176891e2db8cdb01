using System.Buffers.Binary;
using System.Security.Cryptography;
using Bixbite.Cluster.Document;
using Bixbite.Platform;
using Bixbite.Structures.Digests;

namespace Bixbite.Cluster.Bus;

/// <summary>
/// Who a peer says it is, and a number drawn for this connection alone, which the other side's proof repeats.
/// <code>
///   | version: 4 bytes | cluster: 20, zero while in none | node: 20 | challenge: 32 |
/// </code>
/// </summary>
public sealed record BusHello(int Version, ClusterId Cluster, ClusterId Node, ReadOnlyMemory<byte> Challenge)
{
    public const int CurrentVersion = 1;
    private const int ChallengeSize = 32;
    private const int Size = sizeof(int) + (2 * ClusterId.Size) + ChallengeSize;

    public static BusHello Draw(ClusterId cluster, ClusterId node)
    {
        byte[] challenge = new byte[ChallengeSize];
        SystemRandom.Fill(challenge);
        return new BusHello(CurrentVersion, cluster, node, challenge);
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Version);
        Cluster.Write(bytes.AsSpan(sizeof(int)));
        Node.Write(bytes.AsSpan(sizeof(int) + ClusterId.Size));
        Challenge.Span.CopyTo(bytes.AsSpan(sizeof(int) + (2 * ClusterId.Size)));
        return bytes;
    }

    /// <summary>Reads what a peer sent; null if it is none.</summary>
    public static BusHello? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            return null;
        }
        ReadOnlySpan<byte> ids = bytes[sizeof(int)..];
        var hello = new BusHello(
            BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ClusterId.Read(ids),
            ClusterId.Read(ids[ClusterId.Size..]),
            ids[(2 * ClusterId.Size)..].ToArray());
        return hello.Node.IsNone ? null : hello;
    }

    /// <summary>
    /// The proof, to who drew <paramref name="challenged"/>, that the sender of <paramref name="own"/> knows the secret. Both challenges
    /// and both ids are in it, so that it is of no use on another connection, nor in the other direction.
    /// </summary>
    public static byte[] ProofOf(ReadOnlySpan<byte> secret, BusHello own, BusHello challenged)
    {
        byte[] text = [.. own.ToBytes(), .. challenged.ToBytes()];
        return Sha256.Hmac(secret, text);
    }

    public static bool IsProof(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> secret, BusHello sender, BusHello own) =>
        CryptographicOperations.FixedTimeEquals(proof, ProofOf(secret, sender, own));
}
