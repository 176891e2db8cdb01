using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>
/// One <c>cmsgpack.pack</c>. The tables that are being written are on a list and not on the machine's stack, so it can pause at any value.
/// A table whose keys are 1 to n becomes an array, any other a map; what MessagePack has no form for, and tables nested too deep, become
/// nil.
/// </summary>
internal sealed class MessagePackEncoding(LuaMemory memory, LuaValue[] values) : HostTask
{
    private const int DepthMax = 16;
    private const int ValuesPerCheck = 256;
    private const int BytesPerStep = 64;

    private readonly ByteBuffer _result = new(memory.Add);
    private readonly List<Frame> _frames = [];
    private int _next;
    private int _work;

    /// <summary>The part of a table's encoding that is next.</summary>
    private enum Stage
    {
        /// <summary>Its keys are being looked at.</summary>
        Counting,
        Elements,
        Keys,

        /// <summary>The key has been written, and whatever it contains.</summary>
        Value,
    }

    /// <summary>A table that is being written.</summary>
    /// <param name="Table">The table.</param>
    /// <param name="Stage">What is next.</param>
    /// <param name="Key">The last one that was looked at or written; a number for an array.</param>
    /// <param name="Count">The pairs that were seen.</param>
    /// <param name="Largest">The largest of the keys seen; -1 once it cannot be an array.</param>
    private record struct Frame(LuaTable Table, Stage Stage, LuaValue Key, int Count, int Largest);

    public override ReadOnlySpan<LuaValue> Held => values;

    public override long HeldBytes => _result.Capacity;

    public override HostStep Resume(in HostCall call)
    {
        while (true)
        {
            if (_work >= ValuesPerCheck)
            {
                bool goesOn = call.Spend(_work);
                _work = 0;
                if (!goesOn)
                {
                    return call.Pause(this);
                }
            }
            if (_frames.Count > 0)
            {
                GoOn();
            }
            else if (_next < values.Length)
            {
                Add(values[_next++]);
            }
            else
            {
                break;
            }
        }
        call.Spend(_work);
        LuaString result = call.Memory.NewString(_result.Written);
        _result.Release();
        return call.Return(result);
    }

    /// <summary>Writes the next element, key or value of the innermost table, or looks at more of its keys.</summary>
    private void GoOn()
    {
        ref Frame frame = ref CollectionsMarshal.AsSpan(_frames)[^1];
        switch (frame.Stage)
        {
            case Stage.Counting:
                Count(ref frame);
                break;
            case Stage.Elements:
                int index = (int)frame.Key.Number + 1;
                if (index > frame.Count)
                {
                    _frames.RemoveAt(_frames.Count - 1);
                    break;
                }
                frame.Key = (double)index;
                Add(frame.Table.Get(index));
                break;
            case Stage.Keys:
                LuaValue key = frame.Key;
                if (!frame.Table.Next(ref key, out LuaValue _))
                {
                    _frames.RemoveAt(_frames.Count - 1);
                    break;
                }
                frame.Key = key;
                frame.Stage = Stage.Value;
                Add(key);
                break;
            default:
                frame.Stage = Stage.Keys;
                Add(frame.Table[frame.Key]);
                break;
        }
    }

    /// <summary>Looks at some of the keys; after the last one the table's form is known.</summary>
    private void Count(ref Frame frame)
    {
        LuaValue key = frame.Key;
        for (int seen = 0; seen < ValuesPerCheck; seen++)
        {
            if (!frame.Table.Next(ref key, out LuaValue _))
            {
                BeginElements(ref frame);
                return;
            }
            _work++;
            frame.Count++;
            int index = key.IsNumber ? CInteger.ToInt32(key.Number) : 0;
            bool isElement = frame.Largest >= 0 && key.IsNumber && index == key.Number && index > 0;
            frame.Largest = isElement ? Math.Max(frame.Largest, index) : -1;
        }
        frame.Key = key;
    }

    private void BeginElements(ref Frame frame)
    {
        bool isArray = frame.Largest == frame.Count;
        frame.Stage = isArray ? Stage.Elements : Stage.Keys;
        frame.Key = isArray ? 0.0 : LuaValue.Nil;
        AddHead(frame.Count, isArray ? (byte)0x90 : (byte)0x80, 15, isArray ? (byte)0xdc : (byte)0xde);
    }

    private void Add(LuaValue value)
    {
        _work++;
        switch (value.Type)
        {
            case LuaType.Number:
                AddNumber(value.Number);
                break;
            case LuaType.String:
                AddText(((LuaString)value.Object!).Span);
                break;
            case LuaType.Boolean:
                _result.Add(value.IsTruthy ? (byte)0xc3 : (byte)0xc2);
                break;
            case LuaType.Table when _frames.Count < DepthMax:
                _frames.Add(new Frame((LuaTable)value.Object!, Stage.Counting, LuaValue.Nil, 0, 0));
                break;
            default:
                _result.Add(0xc0);
                break;
        }
    }

    /// <summary>A count within the first byte, or in the two or four bytes after it.</summary>
    private void AddHead(int count, byte small, int smallMax, byte medium)
    {
        if (count <= smallMax)
        {
            _result.Add((byte)(small | count));
        }
        else if (count <= ushort.MaxValue)
        {
            AddBigEndian(medium, (ulong)count, 2);
        }
        else
        {
            AddBigEndian((byte)(medium + 1), (ulong)count, 4);
        }
    }

    private void AddText(ReadOnlySpan<byte> text)
    {
        if (text.Length is > 31 and <= byte.MaxValue)
        {
            AddBigEndian(0xd9, (ulong)text.Length, 1);
        }
        else
        {
            AddHead(text.Length, 0xa0, 31, 0xda);
        }
        _result.Add(text);
        _work += text.Length / BytesPerStep;
    }

    private void AddNumber(double number)
    {
        long whole = CInteger.ToInt64(number);
        if (whole == number)
        {
            AddInteger(whole);
        }
        else if ((float)number == number)
        {
            AddBigEndian(0xca, BitConverter.SingleToUInt32Bits((float)number), 4);
        }
        else
        {
            AddBigEndian(0xcb, BitConverter.DoubleToUInt64Bits(number), 8);
        }
    }

    private void AddInteger(long number)
    {
        switch (number)
        {
            case >= -32 and <= 127:
                _result.Add(unchecked((byte)number));
                break;
            case > uint.MaxValue:
                AddBigEndian(0xcf, (ulong)number, 8);
                break;
            case > 0:
                int size = number <= byte.MaxValue ? 1 : number <= ushort.MaxValue ? 2 : 4;
                AddBigEndian((byte)(0xcc + (size >> 1)), (ulong)number, size);
                break;
            case >= sbyte.MinValue:
                AddBigEndian(0xd0, unchecked((ulong)number), 1);
                break;
            case >= short.MinValue:
                AddBigEndian(0xd1, unchecked((ulong)number), 2);
                break;
            case >= int.MinValue:
                AddBigEndian(0xd2, unchecked((ulong)number), 4);
                break;
            default:
                AddBigEndian(0xd3, unchecked((ulong)number), 8);
                break;
        }
    }

    /// <summary>A first byte, and the lowest bytes of a number.</summary>
    private void AddBigEndian(byte first, ulong value, int size)
    {
        Span<byte> bytes = _result.Reserve(1 + sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value << (8 * (sizeof(ulong) - size)));
        bytes[..size].CopyTo(bytes[1..]);
        bytes[0] = first;
        _result.Advance(1 + size);
    }
}
