using System.Diagnostics.CodeAnalysis;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Functions;

/// <summary>Compares names of functions in any letter case.</summary>
internal sealed class FunctionNameComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly FunctionNameComparer Instance = new();

    /// <summary>Bytes of a name that are folded at a time.</summary>
    private const int PartSize = 64;

    public bool Equals(byte[]? x, byte[]? y) => x is null ? y is null : y is not null && Equals(x.AsSpan(), y);

    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => Ascii.EqualsIgnoreCase(alternate, other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        Span<byte> folded = stackalloc byte[PartSize];
        HashCode hash = default;
        while (!alternate.IsEmpty)
        {
            int length = Math.Min(alternate.Length, PartSize);
            Ascii.ToLower(alternate[..length], folded);
            hash.AddBytes(folded[..length]);
            alternate = alternate[length..];
        }
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
