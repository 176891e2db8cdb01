using System.Text;

namespace Bixbite.Http.Requests;

/// <summary>
/// The head of a request, taken apart by <see cref="RequestParser"/>: views of its bytes, good as long as those are there.
/// </summary>
public readonly ref struct RequestHead
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySpan<FieldPlace> _fields;

    internal RequestHead(ReadOnlySpan<byte> bytes, ReadOnlySpan<FieldPlace> fields)
    {
        _bytes = bytes;
        _fields = fields;
    }

    public ReadOnlySpan<byte> Method { get; internal init; }

    /// <summary>The path of the target, as it was sent: nothing is decoded.</summary>
    public ReadOnlySpan<byte> Path { get; internal init; }

    /// <summary>HTTP/1.1; otherwise 1.0.</summary>
    public bool IsVersion11 { get; internal init; }

    public bool IsHead => Method.SequenceEqual("HEAD"u8);

    /// <summary>The connection may be used for another request.</summary>
    public bool KeepsAlive => IsVersion11 ? !HasToken("connection"u8, "close"u8) : HasToken("connection"u8, "keep-alive"u8);

    /// <summary>How many fields have this name.</summary>
    public int CountOf(ReadOnlySpan<byte> name)
    {
        int count = 0;
        foreach (FieldPlace field in _fields)
        {
            count += IsNamed(field, name) ? 1 : 0;
        }
        return count;
    }

    /// <summary>The value of the first field of this name, without the blanks around it; empty if there is none.</summary>
    public ReadOnlySpan<byte> Field(ReadOnlySpan<byte> name)
    {
        foreach (FieldPlace field in _fields)
        {
            if (IsNamed(field, name))
            {
                return _bytes.Slice(field.ValueStart, field.ValueLength);
            }
        }
        return default;
    }

    /// <summary>Whether a word stands in a list, which may be cut into several fields; in any letter case.</summary>
    public bool HasToken(ReadOnlySpan<byte> name, ReadOnlySpan<byte> token)
    {
        foreach (FieldPlace field in _fields)
        {
            if (!IsNamed(field, name))
            {
                continue;
            }
            ReadOnlySpan<byte> value = _bytes.Slice(field.ValueStart, field.ValueLength);
            foreach (Range range in value.Split((byte)','))
            {
                if (Ascii.EqualsIgnoreCase(value[range].Trim(" \t"u8), token))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private bool IsNamed(FieldPlace field, ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(_bytes.Slice(field.NameStart, field.NameLength), name);
}

/// <summary>Where a field lies in its head.</summary>
internal readonly record struct FieldPlace(int NameStart, int NameLength, int ValueStart, int ValueLength);
