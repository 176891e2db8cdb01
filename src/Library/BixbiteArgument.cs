using System.Globalization;
using System.Text;

namespace Bixbite;

/// <summary>
/// An argument of a command: bytes, into which strings (as UTF-8) and numbers turn by themselves.
/// </summary>
public readonly struct BixbiteArgument : IEquatable<BixbiteArgument>
{
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>An argument of these bytes, whatever they are.</summary>
    /// <param name="bytes">Not copied: to be left alone until the command has answered.</param>
    public BixbiteArgument(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>The bytes that are sent.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>A text, as UTF-8.</summary>
    /// <param name="value">The text.</param>
    /// <exception cref="ArgumentNullException">There is no text.</exception>
    public static implicit operator BixbiteArgument(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new BixbiteArgument(Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Bytes as they are.</summary>
    /// <param name="value">The bytes.</param>
    /// <exception cref="ArgumentNullException">There are no bytes.</exception>
    public static implicit operator BixbiteArgument(byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new BixbiteArgument(value);
    }

    /// <summary>Bytes as they are.</summary>
    /// <param name="value">The bytes.</param>
    public static implicit operator BixbiteArgument(ReadOnlyMemory<byte> value) => new(value);

    /// <summary>A whole number, in decimal digits.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator BixbiteArgument(long value) =>
        new(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A whole number, in decimal digits.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator BixbiteArgument(uint value) => (long)value;

    /// <summary>A whole number, in decimal digits.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator BixbiteArgument(ulong value) =>
        new(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A number, in as many digits as tell it from all others; <c>inf</c> and <c>-inf</c> for the infinite ones.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator BixbiteArgument(double value) => new(Encoding.ASCII.GetBytes(
        double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf") : value.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>A number, in as many digits as tell it from all others of its kind; infinite ones as those of the other kind.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator BixbiteArgument(float value) => float.IsInfinity(value)
        ? (BixbiteArgument)(double)value
        : new BixbiteArgument(Encoding.ASCII.GetBytes(value.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>A text of one character, as UTF-8.</summary>
    /// <param name="value">The character.</param>
    public static implicit operator BixbiteArgument(char value) => value.ToString();

    /// <summary>Both are the same bytes.</summary>
    /// <param name="left">One argument.</param>
    /// <param name="right">Another.</param>
    public static bool operator ==(BixbiteArgument left, BixbiteArgument right) => left.Equals(right);

    /// <summary>Both are not the same bytes.</summary>
    /// <param name="left">One argument.</param>
    /// <param name="right">Another.</param>
    public static bool operator !=(BixbiteArgument left, BixbiteArgument right) => !left.Equals(right);

    /// <summary>The other is the same bytes.</summary>
    /// <param name="other">Another argument.</param>
    /// <returns>Whether it is.</returns>
    public bool Equals(BixbiteArgument other) => _bytes.Span.SequenceEqual(other._bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BixbiteArgument other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_bytes.Span);
        return hash.ToHashCode();
    }

    /// <summary>The bytes as UTF-8 text.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Encoding.UTF8.GetString(_bytes.Span);
}
