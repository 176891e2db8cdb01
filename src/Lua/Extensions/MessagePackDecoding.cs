using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>
/// One <c>cmsgpack.unpack</c> of any kind. Containers that are being read are on a list and not on the machine's stack; their number is
/// limited as it is where a C function of Lua 5.1 keeps them on Lua's stack, and so is the number of values.
/// </summary>
internal sealed class MessagePackDecoding : HostTask
{
    private const int StackMax = 8000;
    private const int ValuesPerCheck = 256;
    private const int BytesPerStep = 64;

    private readonly LuaString _data;
    private readonly long _limit;
    private readonly bool _hasOffset;

    /// <summary>
    /// The data, the results, and then for each container that is being read: its table, and a key whose value is to come.
    /// </summary>
    private readonly List<LuaValue> _stack = [];
    private readonly List<Frame> _frames = [];
    private int _at;
    private int _work;

    public MessagePackDecoding(LuaString data, int offset, long limit, bool hasOffset)
    {
        _data = data;
        _stack.Add(data);
        _at = offset;
        _limit = limit;
        _hasOffset = hasOffset;
    }

    /// <summary>A container that is being read.</summary>
    /// <param name="Table">The place of its table on the stack.</param>
    /// <param name="IsArray">Its elements have no keys.</param>
    /// <param name="Left">Elements or pairs to come; that whose value is being read counts.</param>
    /// <param name="Index">Elements that are there.</param>
    /// <param name="HasKey">A key is on the stack.</param>
    private record struct Frame(int Table, bool IsArray, uint Left, int Index, bool HasKey);

    public override ReadOnlySpan<LuaValue> Held => CollectionsMarshal.AsSpan(_stack);

    public override HostStep Resume(in HostCall call)
    {
        while (_frames.Count > 0 || (_at < _data.Length && _stack.Count - 1 < _limit))
        {
            if (++_work >= ValuesPerCheck)
            {
                bool goesOn = call.Spend(_work);
                _work = 0;
                if (!goesOn)
                {
                    return call.Pause(this);
                }
            }
            if (TryClose(out LuaValue value) || TryRead(call, out value))
            {
                Put(value);
            }
        }
        call.Spend(_work);
        if (!_hasOffset)
        {
            return call.Return(Held[1..]);
        }
        if (_stack.Count + 1 > StackMax)
        {
            throw call.Error("stack overflow (in function mp_unpack_full)");
        }
        _stack[0] = _at == _data.Length ? -1.0 : (double)_at;
        return call.Return(Held);
    }

    /// <summary>The next value is a key.</summary>
    private bool IsKeyNext => _frames.Count > 0 && !CollectionsMarshal.AsSpan(_frames)[^1].HasKey;

    /// <summary>The innermost container, if it is complete.</summary>
    private bool TryClose(out LuaValue value)
    {
        value = LuaValue.Nil;
        if (_frames.Count == 0)
        {
            return false;
        }
        ref Frame frame = ref CollectionsMarshal.AsSpan(_frames)[^1];
        if (frame.Left > 0)
        {
            if (frame.IsArray)
            {
                _stack.Add((double)++frame.Index);
                frame.HasKey = true;
            }
            return false;
        }
        value = Pop();
        _frames.RemoveAt(_frames.Count - 1);
        return true;
    }

    /// <summary>Puts a value where the innermost container has a place for it, or among the results.</summary>
    private void Put(LuaValue value)
    {
        if (_frames.Count == 0)
        {
            _stack.Add(value);
            return;
        }
        ref Frame frame = ref CollectionsMarshal.AsSpan(_frames)[^1];
        if (frame.HasKey)
        {
            frame.HasKey = false;
            frame.Left--;
            ((LuaTable)_stack[frame.Table].Object!).Set(Pop(), value);
        }
        else
        {
            frame.HasKey = true;
            _stack.Add(value);
        }
    }

    private LuaValue Pop()
    {
        LuaValue value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    /// <summary>Reads a value; false if it is a container, which is then on the list.</summary>
    private bool TryRead(in HostCall call, out LuaValue value)
    {
        ReadOnlySpan<byte> rest = Need(call, 1);
        if (_stack.Count + 1 > StackMax)
        {
            throw call.Error("stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)");
        }
        byte first = rest[0];
        switch (first)
        {
            case <= 0x7f:
                return Simple(1, first, out value);
            case >= 0xe0:
                return Simple(1, (sbyte)first, out value);
            case <= 0x8f:
                return Open(call, 1, first & 0x0fu, isArray: false, out value);
            case <= 0x9f:
                return Open(call, 1, first & 0x0fu, isArray: true, out value);
            case <= 0xbf:
                return Text(call, 1, first & 0x1fu, out value);
            case 0xc0:
                return Simple(1, LuaValue.Nil, out value);
            case 0xc2 or 0xc3:
                return Simple(1, first == 0xc3, out value);
            case >= 0xca and <= 0xd3:
                return Number(call, first, out value);
            case 0xd9:
                return Text(call, 2, Need(call, 2)[1], out value);
            case 0xda:
                return Text(call, 3, BinaryPrimitives.ReadUInt16BigEndian(Need(call, 3)[1..]), out value);
            case 0xdb:
                return Text(call, 5, BinaryPrimitives.ReadUInt32BigEndian(Need(call, 5)[1..]), out value);
            case 0xdc or 0xde:
                return Open(call, 3, BinaryPrimitives.ReadUInt16BigEndian(Need(call, 3)[1..]), first == 0xdc, out value);
            case 0xdd or 0xdf:
                return Open(call, 5, BinaryPrimitives.ReadUInt32BigEndian(Need(call, 5)[1..]), first == 0xdd, out value);
            default:
                throw call.Error("Bad data format in input.");
        }
    }

    private ReadOnlySpan<byte> Need(in HostCall call, long size)
    {
        ReadOnlySpan<byte> rest = _data.Span[_at..];
        return rest.Length >= size ? rest : throw call.Error("Missing bytes in input.");
    }

    private bool Simple(int size, LuaValue read, out LuaValue value)
    {
        _at += size;
        value = read;
        return true;
    }

    private bool Number(in HostCall call, byte first, out LuaValue value)
    {
        int size = first switch
        {
            0xcc or 0xd0 => 1,
            0xcd or 0xd1 => 2,
            0xca or 0xce or 0xd2 => 4,
            _ => 8,
        };
        ReadOnlySpan<byte> bytes = Need(call, 1 + size).Slice(1, size);
        return Simple(1 + size, NumberOf(first, bytes), out value);
    }

    private static double NumberOf(byte first, ReadOnlySpan<byte> bytes) => first switch
    {
        0xca => BinaryPrimitives.ReadSingleBigEndian(bytes),
        0xcb => BinaryPrimitives.ReadDoubleBigEndian(bytes),
        0xcc => bytes[0],
        0xcd => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        0xce => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        0xd0 => (sbyte)bytes[0],
        0xd1 => BinaryPrimitives.ReadInt16BigEndian(bytes),
        0xd2 => BinaryPrimitives.ReadInt32BigEndian(bytes),

        // The unsigned form too: on its way into Lua the original's number becomes signed.
        _ => BinaryPrimitives.ReadInt64BigEndian(bytes),
    };

    private bool Text(in HostCall call, int head, uint length, out LuaValue value)
    {
        ReadOnlySpan<byte> bytes = Need(call, head + (long)length).Slice(head, (int)length);
        _work += bytes.Length / BytesPerStep;
        LuaString text = IsKeyNext ? call.Machine.Strings.Get(bytes) : call.Memory.NewString(bytes);
        return Simple(head + bytes.Length, text, out value);
    }

    private bool Open(in HostCall call, int head, uint count, bool isArray, out LuaValue value)
    {
        _stack.Add(call.Memory.NewTable());
        if (isArray && _stack.Count + 1 > StackMax)
        {
            throw call.Error("stack overflow (in function mp_decode_to_lua_array)");
        }
        _frames.Add(new Frame(_stack.Count - 1, isArray, count, 0, false));
        _at += head;
        value = LuaValue.Nil;
        return false;
    }
}
