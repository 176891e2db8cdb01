using System.Buffers;
using System.Security.Cryptography;
using Bixbite.Platform;
using Bixbite.Structures.Digests;

namespace Bixbite.AccessControl.Users;

/// <summary>The SHA-256 of a password: all that is kept of it. Two are compared in a time that does not depend on what they are.</summary>
public readonly struct PasswordHash
{
    private const int HexLength = Sha256.Size * 2;

    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789abcdef"u8);

    private readonly byte[] _bytes;

    private PasswordHash(byte[] bytes) => _bytes = bytes;

    /// <summary>A hash that no known password has.</summary>
    public static PasswordHash OfNobody { get; } = new(Convert.FromHexString(SystemRandom.Hex(HexLength)));

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public byte[] Hex => System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(_bytes));

    public static PasswordHash Of(ReadOnlySpan<byte> password) => new(Sha256.Hash(password));

    /// <summary>Reads 64 lower-case hexadecimal digits, and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> hex, out PasswordHash hash)
    {
        bool isHash = hex.Length == HexLength && hex.IndexOfAnyExcept(s_digits) < 0;
        hash = isHash ? new PasswordHash(Convert.FromHexString(hex)) : default;
        return isHash;
    }

    public bool IsSame(PasswordHash other) => CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);
}
