using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>
/// One <c>cjson.decode</c>. The tables that are being read are on a list and not on the machine's stack, so any depth that the settings
/// allow will do, and it can pause between any two values. A table is put into the one around it when it begins, so that whoever holds the
/// outermost one holds them all.
/// </summary>
internal sealed class JsonDecoding : HostTask
{
    /// <summary>A C function of Lua 5.1 has so many places on Lua's stack, and nesting ends there at the latest.</summary>
    private const int StackMax = 8000;
    private const int ValuesPerCheck = 256;

    private readonly LuaMemory _memory;
    private readonly JsonSettings _settings;
    private readonly JsonScanner _scanner;
    private readonly ByteBuffer _unescaped;

    /// <summary>The tables that are being read, the innermost last.</summary>
    private readonly List<Frame> _frames = [];
    private HeldValues _held;

    /// <summary>The places that a C function would need: one for the text, one for each table, and one for each key.</summary>
    private int _stackSize = 1;
    private int _countedAt;

    public JsonDecoding(LuaMemory memory, LuaString text, JsonSettings settings)
    {
        _memory = memory;
        _settings = settings;
        _unescaped = new ByteBuffer(memory.Add);
        _scanner = new JsonScanner(text, settings.DecodesInvalid, _unescaped);
        _held[0] = text;
        _held[1] = LuaValue.Nil;
        _scanner.Read();
    }

    public override ReadOnlySpan<LuaValue> Held => _held;

    public override long HeldBytes => _unescaped.Capacity;

    private ref LuaValue Result => ref _held[1];

    public override HostStep Resume(in HostCall call)
    {
        int work = 0;
        do
        {
            if (++work >= ValuesPerCheck)
            {
                work = 0;
                if (!Spend(call))
                {
                    return call.Pause(this);
                }
            }
        }
        while (ReadElement(call) || TryGoOn(call));
        Spend(call);
        _unescaped.Release();
        return call.Return(Result);
    }

    /// <summary>Counts the bytes that were read since the last time.</summary>
    private bool Spend(in HostCall call)
    {
        int bytes = _scanner.At - _countedAt;
        _countedAt = _scanner.At;
        return call.Spend(bytes >> 3);
    }

    /// <summary>Reads a value into the table around it, in an object after its key. True if it is a table whose elements follow.</summary>
    private bool ReadElement(in HostCall call)
    {
        if (_frames.Count == 0)
        {
            return ReadValue(call, out Result);
        }
        ref Frame frame = ref CollectionsMarshal.AsSpan(_frames)[^1];
        LuaTable table = frame.Table;
        if (frame.IsArray)
        {
            int index = ++frame.Count;
            bool hasElements = ReadValue(call, out LuaValue element);
            table.Append(index, element);
            return hasElements;
        }
        LuaString key = ReadKey(call);
        bool isOpen = ReadValue(call, out LuaValue value);
        table.Set(key, value);
        return isOpen;
    }

    private bool ReadValue(in HostCall call, out LuaValue value)
    {
        switch (_scanner.Token)
        {
            case JsonToken.Text:
                value = _memory.NewString(_scanner.Text);
                return false;
            case JsonToken.Number:
                value = _scanner.Number;
                return false;
            case JsonToken.True or JsonToken.False:
                value = _scanner.Token == JsonToken.True;
                return false;
            case JsonToken.Null:
                value = NullPointer.Instance;
                return false;
            case JsonToken.ObjectBegin or JsonToken.ArrayBegin:
                return Open(call, _scanner.Token == JsonToken.ArrayBegin, out value);
            default:
                throw Unexpected(call, "value");
        }
    }

    /// <summary>Makes a table; false if it is empty.</summary>
    private bool Open(in HostCall call, bool isArray, out LuaValue value)
    {
        int depth = _frames.Count + 1;
        int places = isArray ? 2 : 3;
        if (depth > _settings.DecodeDepthMax || _stackSize + places > StackMax)
        {
            throw call.Error($"Found too many nested data structures ({depth}) at character {_scanner.At}");
        }
        LuaTable table = _memory.NewTable();
        value = table;
        if (_scanner.Read() == (isArray ? JsonToken.ArrayEnd : JsonToken.ObjectEnd))
        {
            return false;
        }
        _frames.Add(new Frame(table, isArray));
        _stackSize += places - 1;
        return true;
    }

    private LuaString ReadKey(in HostCall call)
    {
        if (_scanner.Token != JsonToken.Text)
        {
            throw Unexpected(call, "object key string");
        }
        LuaString key = call.Machine.Strings.Get(_scanner.Text);
        if (_scanner.Read() != JsonToken.Colon)
        {
            throw Unexpected(call, "colon");
        }
        _scanner.Read();
        return key;
    }

    /// <summary>Reads what follows a value, up to the begin of the next one; false at the end.</summary>
    private bool TryGoOn(in HostCall call)
    {
        while (_frames.Count > 0)
        {
            bool isArray = CollectionsMarshal.AsSpan(_frames)[^1].IsArray;
            JsonToken token = _scanner.Read();
            if (token == JsonToken.Comma)
            {
                _scanner.Read();
                return true;
            }
            if (token != (isArray ? JsonToken.ArrayEnd : JsonToken.ObjectEnd))
            {
                throw Unexpected(call, isArray ? "comma or array end" : "comma or object end");
            }
            _frames.RemoveAt(_frames.Count - 1);
            _stackSize -= isArray ? 1 : 2;
        }
        return _scanner.Read() == JsonToken.End ? false : throw Unexpected(call, "the end");
    }

    private LuaException Unexpected(in HostCall call, string expected)
    {
        string found = _scanner.Token == JsonToken.Error ? _scanner.Error : JsonTokens.NameOf(_scanner.Token);
        return call.Error($"Expected {expected} but found {found} at character {_scanner.TokenAt + 1}");
    }

    /// <summary>A table that is being read, and how many elements it has if it is an array.</summary>
    private record struct Frame(LuaTable Table, bool IsArray)
    {
        public int Count { get; set; }
    }

    /// <summary>The text, and the value that was made of it.</summary>
    [InlineArray(2)]
    private struct HeldValues
    {
        private LuaValue _first;
    }
}
