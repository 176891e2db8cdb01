using System.Security.Cryptography;
using Bixbite.Structures.Digests;
using Xunit;

namespace Bixbite.Unit.Structures.Digests;

/// <summary>The digests beside the framework's, for every way in which a text may end within its last block.</summary>
public sealed class ShaTests
{
    private static readonly int[] s_lengths = [.. Enumerable.Range(0, 260), 1000, 4096, 65535, 1 << 20];

#pragma warning disable CA5350 // SHA-1 is what is tested.
    [Fact]
    public void Sha1_is_that_of_the_framework()
    {
        foreach (byte[] text in Texts())
        {
            byte[] hash = new byte[Sha1.Size];
            Sha1.Hash(text, hash);
            Assert.Equal(SHA1.HashData(text), hash);
        }
    }
#pragma warning restore CA5350

    [Fact]
    public void A_hash_may_go_where_its_text_is()
    {
        byte[] expected = new byte[Sha1.Size];
        byte[] bytes = new byte[Sha1.Size];
        Sha1.Hash(bytes, expected);

        Sha1.Hash(bytes, bytes);

        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void Sha256_is_that_of_the_framework()
    {
        foreach (byte[] text in Texts())
        {
            Assert.Equal(SHA256.HashData(text), Sha256.Hash(text));
        }
    }

    [Fact]
    public void Its_Hmac_is_that_of_the_framework_for_keys_shorter_and_longer_than_a_block()
    {
        byte[] text = TextOf(99);
        foreach (int keyLength in (int[])[0, 1, 32, 63, 64, 65, 200])
        {
            byte[] key = TextOf(keyLength);
            Assert.Equal(HMACSHA256.HashData(key, text), Sha256.Hmac(key, text));
        }
    }

    private static IEnumerable<byte[]> Texts() => s_lengths.Select(TextOf);

    private static byte[] TextOf(int length)
    {
        byte[] text = new byte[length];
        new Random(length).NextBytes(text);
        return text;
    }
}
