using System.Buffers;

namespace Bixbite.Structures.Text;

/// <summary>
/// Text that is put together as bytes: in the room that its maker has given, and in a rented array once that is too small. Nothing is
/// allocated. To be disposed of by its maker, who passes it on by reference.
/// </summary>
public ref struct LineBuilder(Span<byte> room)
{
    private Span<byte> _room = room;
    private byte[]? _rented;

    public int Length { get; private set; }

    /// <summary>Good until more is appended.</summary>
    public readonly ReadOnlySpan<byte> Written => _room[..Length];

    public void Append(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    public void Append(byte letter)
    {
        Reserve(1)[0] = letter;
        Length++;
    }

    public void Append(long number) => Length += Integers.Format(number, Reserve(Integers.SizeMax));

    /// <summary>A name and its number: " db=" and 0.</summary>
    public void Append(scoped ReadOnlySpan<byte> name, long number)
    {
        Append(name);
        Append(number);
    }

    /// <summary>At least so many bytes of room behind what is written; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_room.Length - Length < size)
        {
            Grow(size);
        }
        return _room[Length..];
    }

    public void Advance(int size) => Length += size;

    /// <summary>Begins anew in the same room.</summary>
    public void Clear() => Length = 0;

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
            _room = default;
            Length = 0;
        }
    }

    private void Grow(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(Length + size, 2 * _room.Length)));
        Written.CopyTo(larger);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
        _rented = larger;
        _room = larger;
    }
}
