using System.Buffers.Binary;
using System.Globalization;
using Bixbite.Platform;

namespace Bixbite.Cluster.Document;

/// <summary>
/// The name of a node, a shard, a move or a cluster: 160 bits, drawn at random, 40 hex digits as text. The default is none.
/// </summary>
public readonly record struct ClusterId(UInt128 High, uint Low) : IComparable<ClusterId>
{
    public const int Size = 20;
    public const int TextLength = 2 * Size;

    public bool IsNone => High == 0 && Low == 0;

    public static ClusterId Draw()
    {
        Span<byte> bytes = stackalloc byte[Size];
        SystemRandom.Fill(bytes);
        return Read(bytes);
    }

    public static ClusterId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], Low);
    }

    /// <summary>Reads 40 hex digits, in small letters as they are shown.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ClusterId id)
    {
        id = default;
        if (text.Length != TextLength
            || text.ContainsAnyInRange((byte)'A', (byte)'F')
            || !UInt128.TryParse(text[..32], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 high)
            || !uint.TryParse(text[32..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint low))
        {
            return false;
        }
        id = new ClusterId(high, low);
        return true;
    }

    public int CompareTo(ClusterId other)
    {
        int order = High.CompareTo(other.High);
        return order != 0 ? order : Low.CompareTo(other.Low);
    }

    public static bool operator <(ClusterId left, ClusterId right) => left.CompareTo(right) < 0;

    public static bool operator >(ClusterId left, ClusterId right) => left.CompareTo(right) > 0;

    public static bool operator <=(ClusterId left, ClusterId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ClusterId left, ClusterId right) => left.CompareTo(right) >= 0;

    public override string ToString() =>
        High.ToString("x32", CultureInfo.InvariantCulture) + Low.ToString("x8", CultureInfo.InvariantCulture);
}
