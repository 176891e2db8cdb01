using System.Runtime.InteropServices;
using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>
/// One <c>cjson.decode</c>. The tables that are being read are on a list and not on the machine's stack, so any depth that the settings
/// allow will do, and it can pause between any two values.
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

    /// <summary>The text, and then for each table that is being read: the table, and a key whose value is to come.</summary>
    private readonly List<LuaValue> _stack = [];
    private readonly List<Frame> _frames = [];
    private State _state = State.Value;
    private int _countedAt;

    public JsonDecoding(LuaMemory memory, LuaString text, JsonSettings settings)
    {
        _memory = memory;
        _settings = settings;
        _unescaped = new ByteBuffer(memory.Add);
        _scanner = new JsonScanner(text, settings.DecodesInvalid, _unescaped);
        _stack.Add(text);
        _scanner.Read();
    }

    private enum State
    {
        /// <summary>The token begins a value.</summary>
        Value,

        /// <summary>The token is an object's key.</summary>
        Key,

        /// <summary>A value is on the stack.</summary>
        Placing,

        Done,
    }

    /// <summary>A table that is being read, and how many elements it has if it is an array.</summary>
    private record struct Frame(LuaTable Table, bool IsObject, int Count);

    public override ReadOnlySpan<LuaValue> Held => CollectionsMarshal.AsSpan(_stack);

    public override long HeldBytes => _unescaped.Capacity;

    public override HostStep Resume(in HostCall call)
    {
        int work = 0;
        while (_state != State.Done)
        {
            if (++work >= ValuesPerCheck)
            {
                work = 0;
                if (!Spend(call))
                {
                    return call.Pause(this);
                }
            }
            switch (_state)
            {
                case State.Value:
                    ReadValue(call);
                    break;
                case State.Key:
                    ReadKey(call);
                    break;
                default:
                    Place(call);
                    break;
            }
        }
        Spend(call);
        _unescaped.Release();
        return call.Return(_stack[^1]);
    }

    /// <summary>Counts the bytes that were read since the last time.</summary>
    private bool Spend(in HostCall call)
    {
        int bytes = _scanner.At - _countedAt;
        _countedAt = _scanner.At;
        return call.Spend(bytes >> 3);
    }

    private void ReadValue(in HostCall call)
    {
        LuaValue value;
        switch (_scanner.Token)
        {
            case JsonToken.Text:
                value = _memory.NewString(_scanner.Text);
                break;
            case JsonToken.Number:
                value = _scanner.Number;
                break;
            case JsonToken.True or JsonToken.False:
                value = _scanner.Token == JsonToken.True;
                break;
            case JsonToken.Null:
                value = NullPointer.Instance;
                break;
            case JsonToken.ObjectBegin:
                Open(call, isObject: true);
                return;
            case JsonToken.ArrayBegin:
                Open(call, isObject: false);
                return;
            default:
                throw Unexpected(call, "value");
        }
        _stack.Add(value);
        _state = State.Placing;
    }

    private void Open(in HostCall call, bool isObject)
    {
        int depth = _frames.Count + 1;
        int slots = isObject ? 3 : 2;
        if (depth > _settings.DecodeDepthMax || _stack.Count + slots > StackMax)
        {
            throw call.Error($"Found too many nested data structures ({depth}) at character {_scanner.At}");
        }
        LuaTable table = _memory.NewTable();
        _stack.Add(table);
        JsonToken token = _scanner.Read();
        if (token == (isObject ? JsonToken.ObjectEnd : JsonToken.ArrayEnd))
        {
            _state = State.Placing;
            return;
        }
        _frames.Add(new Frame(table, isObject, 0));
        _state = isObject ? State.Key : State.Value;
    }

    private void ReadKey(in HostCall call)
    {
        if (_scanner.Token != JsonToken.Text)
        {
            throw Unexpected(call, "object key string");
        }
        _stack.Add(call.Machine.Strings.Get(_scanner.Text));
        if (_scanner.Read() != JsonToken.Colon)
        {
            throw Unexpected(call, "colon");
        }
        _scanner.Read();
        _state = State.Value;
    }

    /// <summary>Puts the value on the stack into its table, and reads what must follow.</summary>
    private void Place(in HostCall call)
    {
        if (_frames.Count == 0)
        {
            if (_scanner.Read() != JsonToken.End)
            {
                throw Unexpected(call, "the end");
            }
            _state = State.Done;
            return;
        }

        LuaValue value = Pop();
        ref Frame frame = ref CollectionsMarshal.AsSpan(_frames)[^1];
        if (frame.IsObject)
        {
            frame.Table.Set((LuaString)Pop().Object!, value);
        }
        else
        {
            frame.Table.Set(++frame.Count, value);
        }
        bool isObject = frame.IsObject;
        JsonToken token = _scanner.Read();
        if (token == (isObject ? JsonToken.ObjectEnd : JsonToken.ArrayEnd))
        {
            // The table is a value itself.
            _frames.RemoveAt(_frames.Count - 1);
        }
        else if (token == JsonToken.Comma)
        {
            _scanner.Read();
            _state = isObject ? State.Key : State.Value;
        }
        else
        {
            throw Unexpected(call, isObject ? "comma or object end" : "comma or array end");
        }
    }

    private LuaValue Pop()
    {
        LuaValue value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private LuaException Unexpected(in HostCall call, string expected)
    {
        string found = _scanner.Token == JsonToken.Error ? _scanner.Error : JsonTokens.NameOf(_scanner.Token);
        return call.Error($"Expected {expected} but found {found} at character {_scanner.TokenAt + 1}");
    }
}
