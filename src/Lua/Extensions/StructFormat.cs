using Bixbite.Lua.Running;
using Bixbite.Lua.Text;

namespace Bixbite.Lua.Extensions;

/// <summary>One item of a format of the library struct.</summary>
/// <param name="Letter">The option.</param>
/// <param name="Size">Its bytes; 0 for options that are none, and for texts that bring their own size.</param>
/// <param name="Padding">Zeros before it.</param>
internal readonly record struct StructItem(byte Letter, int Size, int Padding)
{
    public bool IsInteger => Letter is
        (byte)'b' or (byte)'B' or (byte)'h' or (byte)'H' or (byte)'l' or (byte)'L' or (byte)'T' or (byte)'i' or (byte)'I';
}

/// <summary>
/// Reads a format of the library struct item by item, and keeps what its options set: the order of bytes and the alignment. A NUL ends the
/// format.
/// </summary>
internal ref struct StructFormat
{
    private const int IntegerSizeMax = 32;
    private const int AlignmentDefault = 8;

    private readonly ReadOnlySpan<byte> _format;
    private int _at;
    private int _alignment = 1;

    public StructFormat(ReadOnlySpan<byte> format)
    {
        int end = format.IndexOf((byte)0);
        _format = end < 0 ? format : format[..end];
    }

    public bool IsBigEndian { get; private set; }

    /// <summary>Reads the next item, to be placed after so many bytes; false at the format's end.</summary>
    public bool TryRead(in HostCall call, ulong position, out StructItem item)
    {
        item = default;
        if (_at == _format.Length)
        {
            return false;
        }
        byte letter = _format[_at++];
        int size = SizeOf(call, letter);
        item = new StructItem(letter, size, Padding(position, letter, size));
        return true;
    }

    /// <summary>Takes an option that is no data.</summary>
    public void Control(in HostCall call, byte letter)
    {
        switch (letter)
        {
            case (byte)' ':
                break;
            case (byte)'>':
                IsBigEndian = true;
                break;
            case (byte)'<':
                IsBigEndian = false;
                break;
            case (byte)'!':
                int alignment = Number(call, AlignmentDefault);
                if (!int.IsPow2(alignment))
                {
                    throw call.Error($"alignment {alignment} is not a power of 2");
                }
                _alignment = alignment;
                break;
            default:
                throw call.ArgumentError(0, $"invalid format option '{(char)letter}'");
        }
    }

    private int SizeOf(in HostCall call, byte letter)
    {
        switch (letter)
        {
            case (byte)'b' or (byte)'B' or (byte)'x':
                return 1;
            case (byte)'h' or (byte)'H':
                return 2;
            case (byte)'f':
                return 4;
            case (byte)'l' or (byte)'L' or (byte)'T' or (byte)'d':
                return 8;
            case (byte)'c':
                return Number(call, 1);
            case (byte)'i' or (byte)'I':
                int size = Number(call, sizeof(int));
                return size <= IntegerSizeMax
                    ? size
                    : throw call.Error($"integral size {size} is larger than limit of {IntegerSizeMax}");
            default:
                return 0;
        }
    }

    private int Number(in HostCall call, int fallback)
    {
        if (_at == _format.Length || !ByteClass.IsDigit(_format[_at]))
        {
            return fallback;
        }
        long number = 0;
        for (; _at < _format.Length && ByteClass.IsDigit(_format[_at]); _at++)
        {
            number = number * 10 + _format[_at] - '0';
            if (number > int.MaxValue)
            {
                throw call.Error("integral size overflow");
            }
        }
        return (int)number;
    }

    private readonly int Padding(ulong position, byte letter, int size)
    {
        if (size == 0 || letter == 'c')
        {
            return 0;
        }
        int unit = Math.Min(size, _alignment);
        return (int)((uint)unit - (uint)(position & (uint)(unit - 1))) & (unit - 1);
    }
}
