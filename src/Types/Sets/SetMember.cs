using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Text;

namespace Bixbite.Types.Sets;

/// <summary>A member as it is stored: where its bytes lie, or an integer in packed sets. Valid until the set's next change.</summary>
public readonly struct SetMember
{
    private readonly ulong _address;
    private readonly long _value;

    internal SetMember(long integer) => _value = integer;

    internal SetMember(ulong address, int length)
    {
        _address = address;
        _value = length;
    }

    public bool IsInteger => _address == 0;

    /// <summary>The integer, of a member that is stored as one.</summary>
    public long Integer
    {
        get
        {
            Debug.Assert(IsInteger, "The member is stored as bytes.");
            return _value;
        }
    }

    /// <summary>The bytes, of a member that is not stored as an integer.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            Debug.Assert(!IsInteger, "The member is stored as an integer.");
            return Native.Bytes(_address, (int)_value);
        }
    }

    /// <summary>
    /// The member as bytes: where it lies, or written to the scratch, for which <see cref="Integers.SizeMax"/> bytes are enough.
    /// </summary>
    public ReadOnlySpan<byte> Text(Span<byte> scratch) => IsInteger ? scratch[..Integers.Format(_value, scratch)] : Bytes;

    /// <summary>The member as an integer, whether it is stored as one or as bytes.</summary>
    public bool TryGetInteger(out long value)
    {
        value = _value;
        return IsInteger || Integers.TryParse(Bytes, out value);
    }
}
