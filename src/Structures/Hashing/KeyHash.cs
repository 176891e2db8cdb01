using System.IO.Hashing;
using System.Security.Cryptography;

namespace Bixbite.Structures.Hashing;

/// <summary>The hash of keys: XXH3 with a seed that nobody outside can guess, so that nobody can choose keys that collide.</summary>
public static class KeyHash
{
    public static ulong Of(ulong seed, ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key, (long)seed);

    /// <summary>A seed for a new process.</summary>
    public static ulong NewSeed()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}
