using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>The table <c>struct</c>: values to and from the bytes of C structures.</summary>
public sealed class StructLibrary
{
    /// <summary>Values that a function may have on its stack, as in Lua 5.1.</summary>
    private const int StackMax = 8000;

    private readonly ByteBuffer _result;
    private readonly List<LuaValue> _values = [];

    private StructLibrary(LuaMemory memory) => _result = new ByteBuffer(memory.Add);

    public static void Open(LuaMachine machine)
    {
        StructLibrary library = new(machine.Memory);
        LuaTable table = machine.Memory.NewTable();
        machine.Register(table, "pack", library.Pack);
        machine.Register(table, "size", Size);
        machine.Register(table, "unpack", library.Unpack);
        machine.Globals.Set(machine.Strings.Get("struct"), table);
    }

    private HostStep Pack(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        StructFormat format = new(text.Span);
        _result.Clear();
        int argument = 1;
        while (format.TryRead(call, (ulong)_result.Length, out StructItem item))
        {
            _result.Add(0, item.Padding);
            if (item.IsInteger)
            {
                AddInteger(NumberAt(call, argument++), item.Size, format.IsBigEndian);
                continue;
            }
            switch (item.Letter)
            {
                case (byte)'x':
                    _result.Add(0);
                    break;
                case (byte)'f':
                    AddFloat((float)NumberAt(call, argument++), format.IsBigEndian);
                    break;
                case (byte)'d':
                    AddDouble(NumberAt(call, argument++), format.IsBigEndian);
                    break;
                case (byte)'c' or (byte)'s':
                    ReadOnlySpan<byte> value = TextAt(call, argument++).Span;
                    int size = item.Size == 0 ? value.Length : item.Size;
                    if (value.Length < size)
                    {
                        // The number is that of the next argument, as in the original.
                        throw call.ArgumentError(argument, "string too short");
                    }
                    _result.Add(value[..size]);
                    _result.Add(0, item.Letter == 's' ? 1 : 0);
                    break;
                default:
                    format.Control(call, item.Letter);
                    break;
            }
        }
        call.Spend(text.Length + (_result.Length >> 6));
        LuaString result = call.Memory.NewString(_result.Written);
        _result.Clear();
        return call.Return(result);
    }

    /// <summary>One that is missing counts as nil here, because the original puts a nil behind its arguments.</summary>
    private static double NumberAt(in HostCall call, int index) =>
        index < call.Count ? call.CheckNumber(index) : throw call.ArgumentError(index, "number expected, got nil");

    private static LuaString TextAt(in HostCall call, int index) =>
        index < call.Count ? call.CheckString(index) : throw call.ArgumentError(index, "string expected, got nil");

    private HostStep Unpack(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        LuaString data = call.CheckString(1);
        ulong at = unchecked((ulong)(call[2].IsNil ? 1 : call.CheckLong(2)));
        if (at == 0)
        {
            throw call.ArgumentError(2, "offset must be 1 or greater");
        }
        at--;
        StructFormat format = new(text.Span);
        _values.Clear();
        while (format.TryRead(call, at, out StructItem item))
        {
            at += (ulong)item.Padding;
            CheckRoom(call, data, at, (ulong)item.Size);
            if (call.Count + _values.Count + 2 > StackMax)
            {
                throw call.Error("stack overflow (too many results)");
            }
            at += Read(call, ref format, item, data, at);
        }
        call.Spend(text.Length);
        _values.Add(at + 1.0);
        HostStep step = call.Return(CollectionsMarshal.AsSpan(_values));
        _values.Clear();
        return step;
    }

    /// <summary>Adds the item's value to the results, and returns how many bytes it took.</summary>
    private ulong Read(in HostCall call, ref StructFormat format, StructItem item, LuaString data, ulong at)
    {
        ReadOnlySpan<byte> rest = data.Span[(int)at..];
        if (item.IsInteger)
        {
            _values.Add(ReadInteger(rest[..item.Size], format.IsBigEndian, ByteClass.IsLower(item.Letter)));
            return (ulong)item.Size;
        }
        switch (item.Letter)
        {
            case (byte)'x':
                break;
            case (byte)'f':
                uint half = BinaryPrimitives.ReadUInt32LittleEndian(rest);
                half = format.IsBigEndian ? BinaryPrimitives.ReverseEndianness(half) : half;
                _values.Add(BitConverter.UInt32BitsToSingle(half));
                break;
            case (byte)'d':
                ulong whole = BinaryPrimitives.ReadUInt64LittleEndian(rest);
                whole = format.IsBigEndian ? BinaryPrimitives.ReverseEndianness(whole) : whole;
                _values.Add(BitConverter.UInt64BitsToDouble(whole));
                break;
            case (byte)'c':
                ulong size = item.Size == 0 ? TakeSize(call, data, at) : (ulong)item.Size;
                _values.Add(call.Memory.NewString(rest[..(int)size]));
                return size;
            case (byte)'s':
                int end = rest.IndexOf((byte)0);
                if (end < 0)
                {
                    throw call.Error("unfinished string in data");
                }
                _values.Add(call.Memory.NewString(rest[..end]));
                return (ulong)end + 1;
            default:
                format.Control(call, item.Letter);
                break;
        }
        return (ulong)item.Size;
    }

    /// <summary>The number that was read last is the size of the text, and no result.</summary>
    private ulong TakeSize(in HostCall call, LuaString data, ulong at)
    {
        if (_values.Count == 0 || !HostArguments.TryNumber(_values[^1], out double number))
        {
            throw call.Error("format 'c0' needs a previous size");
        }
        _values.RemoveAt(_values.Count - 1);
        ulong size = CInteger.ToUInt64(number);
        CheckRoom(call, data, at, size);
        return size;
    }

    private static void CheckRoom(in HostCall call, LuaString data, ulong at, ulong size)
    {
        ulong length = (ulong)data.Length;
        if (size > length || at > length - size)
        {
            throw call.ArgumentError(1, "data string too short");
        }
    }

    private static HostStep Size(in HostCall call)
    {
        StructFormat format = new(call.CheckString(0).Span);
        ulong size = 0;
        while (format.TryRead(call, size, out StructItem item))
        {
            size += (ulong)item.Padding;
            if (item.Letter == 's')
            {
                throw call.ArgumentError(0, "option 's' has no fixed size");
            }
            if (item.Letter == 'c' && item.Size == 0)
            {
                throw call.ArgumentError(0, "option 'c0' has no fixed size");
            }
            if (!ByteClass.IsLetterOrDigit(item.Letter))
            {
                format.Control(call, item.Letter);
            }
            size += (ulong)item.Size;
        }
        return call.Return((double)size);
    }

    private void AddInteger(double number, int size, bool isBigEndian)
    {
        ulong value = number < 0 ? unchecked((ulong)CInteger.ToInt64(number)) : CInteger.ToUInt64(number);
        Span<byte> bytes = _result.Reserve(size)[..size];
        for (int index = 0; index < size; index++)
        {
            bytes[isBigEndian ? size - 1 - index : index] = (byte)value;
            value >>= 8;
        }
        _result.Advance(size);
    }

    private void AddFloat(float value, bool isBigEndian)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        AddBytes(bytes, isBigEndian);
    }

    private void AddDouble(double value, bool isBigEndian)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        AddBytes(bytes, isBigEndian);
    }

    private void AddBytes(Span<byte> littleEndian, bool isBigEndian)
    {
        if (isBigEndian)
        {
            littleEndian.Reverse();
        }
        _result.Add(littleEndian);
    }

    /// <summary>
    /// Of a number of more than 64 bits the upper ones are lost. The sign's place is counted modulo 64, as the processor shifts.
    /// </summary>
    private static double ReadInteger(ReadOnlySpan<byte> bytes, bool isBigEndian, bool isSigned)
    {
        ulong value = 0;
        for (int index = 0; index < bytes.Length; index++)
        {
            value = (value << 8) | bytes[isBigEndian ? index : bytes.Length - 1 - index];
        }
        if (!isSigned)
        {
            return value;
        }
        ulong mask = ulong.MaxValue << (bytes.Length * 8 - 1);
        return (long)((value & mask) != 0 ? value | mask : value);
    }
}
