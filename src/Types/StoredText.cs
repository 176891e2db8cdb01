using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Text;

namespace Bixbite.Types;

/// <summary>
/// A text as it is stored, a member of a set or a value of another key: where its bytes lie in native memory, or an integer whose text they
/// would be. Unlike a span it can be kept in arrays. Valid until the next change of what it is a part of.
/// </summary>
public readonly struct StoredText
{
    private readonly ulong _address;
    private readonly long _value;

    public StoredText(long integer) => _value = integer;

    public StoredText(ulong address, int length)
    {
        _address = address;
        _value = length;
    }

    public bool IsInteger => _address == 0;

    /// <summary>The integer, of a text that is stored as one.</summary>
    public long Integer
    {
        get
        {
            Debug.Assert(IsInteger, "The text is stored as bytes.");
            return _value;
        }
    }

    /// <summary>The bytes, of a text that is not stored as an integer.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            Debug.Assert(!IsInteger, "The text is stored as an integer.");
            return Native.Bytes(_address, (int)_value);
        }
    }

    /// <summary>The text of these bytes, which must lie in native memory unless they read as an integer.</summary>
    public static StoredText Of(ReadOnlySpan<byte> text) =>
        Integers.TryParse(text, out long integer) ? new StoredText(integer) : new StoredText(Native.AddressOf(text), text.Length);

    /// <summary>
    /// The text: where it lies, or written to the scratch, for which <see cref="Integers.SizeMax"/> bytes are enough.
    /// </summary>
    public ReadOnlySpan<byte> Text(Span<byte> scratch) => IsInteger ? scratch[..Integers.Format(_value, scratch)] : Bytes;

    /// <summary>The text as an integer, whether it is stored as one or as bytes.</summary>
    public bool TryGetInteger(out long value)
    {
        value = _value;
        return IsInteger || Integers.TryParse(Bytes, out value);
    }
}
