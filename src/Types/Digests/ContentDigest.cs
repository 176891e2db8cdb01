using System.Buffers.Binary;
using Bixbite.Structures.Digests;

namespace Bixbite.Types.Digests;

/// <summary>
/// A digest of content that is equal where the content is; it is the one that Redis computes. Parts whose order counts are mixed in
/// (exclusive or with the part's SHA-1, then SHA-1 of the whole); parts in any order are only combined.
/// </summary>
public sealed class ContentDigest
{
    private readonly byte[] _bytes = new byte[Sha1.Size];

    /// <summary>Adds a part whose place counts.</summary>
    public void Mix(ReadOnlySpan<byte> part)
    {
        Combine(part);
        Sha1.Hash(_bytes, _bytes);
    }

    public void MixNumber(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        Mix(bytes);
    }

    /// <summary>Adds a part whose place does not count.</summary>
    public void Combine(ReadOnlySpan<byte> part)
    {
        Span<byte> hash = stackalloc byte[Sha1.Size];
        Sha1.Hash(part, hash);
        for (int i = 0; i < hash.Length; i++)
        {
            _bytes[i] ^= hash[i];
        }
    }

    /// <summary>Adds a part whose place does not count and that has a digest of its own.</summary>
    public void Combine(ContentDigest part) => Combine(part._bytes);

    public override string ToString() => Convert.ToHexStringLower(_bytes);
}
