using System.Runtime.InteropServices;
using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>
/// One <c>cjson.encode</c>. The tables that are being written are on a list and not on the machine's stack, so any depth that the settings
/// allow will do, and it can pause at any value.
/// </summary>
internal sealed class JsonEncoding : HostTask
{
    /// <summary>A C function of Lua 5.1 has so many places on Lua's stack, and nesting ends there at the latest.</summary>
    private const int StackMax = 8000;
    private const int ValuesPerCheck = 256;
    private const int BytesPerStep = 64;
    private const int Counting = -1;

    /// <summary>For each byte its escape, or null if it stands for itself.</summary>
    private static readonly byte[]?[] s_escapes = CreateEscapes();

    private static readonly System.Buffers.SearchValues<byte> s_escaped = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 256).Where(one => s_escapes[one] is not null).Select(one => (byte)one)]);

    private readonly JsonSettings _settings;
    private readonly Action<JsonEncoding> _keep;
    private readonly ByteBuffer _result;
    private readonly LuaValue[] _held = [LuaValue.Nil];
    private readonly List<Frame> _frames = [];
    private int _stackUsed;
    private int _work;
    private bool _hasBegun;

    public JsonEncoding(LuaMemory memory, JsonSettings settings, Action<JsonEncoding> keep)
    {
        _settings = settings;
        _keep = keep;
        _result = new ByteBuffer(memory.Add);
    }

    /// <summary>A table that is being written.</summary>
    /// <param name="Table">The table.</param>
    /// <param name="ArrayLength">Places of an array; 0 for an object, <see cref="Counting"/> while its keys are looked at.</param>
    /// <param name="Key">The last one that was looked at or written; a number for an array.</param>
    /// <param name="Count">The keys that were looked at.</param>
    /// <param name="Largest">The largest of them.</param>
    private record struct Frame(LuaTable Table, int ArrayLength, LuaValue Key, int Count, int Largest);

    public override ReadOnlySpan<LuaValue> Held => _held;

    public override long HeldBytes => _result.Capacity;

    public HostStep Begin(in HostCall call, LuaValue value)
    {
        _held[0] = value;
        _frames.Clear();
        _result.Clear();
        _stackUsed = 1;
        _hasBegun = false;
        return Resume(call);
    }

    public override HostStep Resume(in HostCall call)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            Add(call, _held[0]);
        }
        while (_frames.Count > 0)
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
            GoOn(call);
        }
        call.Spend(_work);
        _work = 0;
        LuaString result = call.Memory.NewString(_result.Written);
        _result.Clear();
        _held[0] = LuaValue.Nil;
        _keep(this);
        return call.Return(result);
    }

    /// <summary>Writes the next element or pair of the innermost table, or looks at more of its keys.</summary>
    private void GoOn(in HostCall call)
    {
        ref Frame frame = ref CollectionsMarshal.AsSpan(_frames)[^1];
        switch (frame.ArrayLength)
        {
            case Counting:
                Count(call, ref frame);
                break;
            case 0:
                AddPair(call, ref frame);
                break;
            default:
                AddElement(call, ref frame);
                break;
        }
    }

    private void AddElement(in HostCall call, ref Frame frame)
    {
        int index = (int)frame.Key.Number;
        if (index == frame.ArrayLength)
        {
            Close((byte)']', 1);
            return;
        }
        frame.Key = index + 1.0;
        if (index > 0)
        {
            _result.Add((byte)',');
        }
        Add(call, frame.Table.Get(index + 1));
    }

    private void AddPair(in HostCall call, ref Frame frame)
    {
        bool isFirst = frame.Key.IsNil;
        LuaValue key = frame.Key;
        if (!frame.Table.Next(ref key, out LuaValue value))
        {
            Close((byte)'}', 2);
            return;
        }
        frame.Key = key;
        if (!isFirst)
        {
            _result.Add((byte)',');
        }
        AddKey(call, key);
        Add(call, value);
    }

    private void Close(byte bracket, int stackUsed)
    {
        _result.Add(bracket);
        _frames.RemoveAt(_frames.Count - 1);
        _stackUsed -= stackUsed;
    }

    private void AddKey(in HostCall call, LuaValue key)
    {
        switch (key.Type)
        {
            case LuaType.Number:
                _result.Add((byte)'"');
                AddNumber(call, key.Number);
                _result.Add("\":"u8);
                break;
            case LuaType.String:
                AddText(((LuaString)key.Object!).Span);
                _result.Add((byte)':');
                break;
            default:
                throw Refused(call, key, "table key must be a number or string");
        }
    }

    private void Add(in HostCall call, LuaValue value)
    {
        _work++;
        switch (value.Type)
        {
            case LuaType.String:
                AddText(((LuaString)value.Object!).Span);
                break;
            case LuaType.Number:
                AddNumber(call, value.Number);
                break;
            case LuaType.Boolean:
                _result.Add(value.IsTruthy ? "true"u8 : "false"u8);
                break;
            case LuaType.Table:
                Open(call, (LuaTable)value.Object!);
                break;
            case LuaType.Nil:
            case LuaType.LightUserdata when value.Object is NullPointer:
                _result.Add("null"u8);
                break;
            default:
                throw Refused(call, value, "type not supported");
        }
    }

    private void Open(in HostCall call, LuaTable table)
    {
        int depth = _frames.Count + 1;
        if (depth > _settings.EncodeDepthMax || _stackUsed + 3 > StackMax)
        {
            throw call.Error($"Cannot serialise, excessive nesting ({depth})");
        }
        _frames.Add(new Frame(table, Counting, LuaValue.Nil, 0, 0));
    }

    /// <summary>
    /// Looks at some of the keys, until it is known whether all are positive integers: an array, if it is not too sparse.
    /// </summary>
    private void Count(in HostCall call, ref Frame frame)
    {
        LuaValue key = frame.Key;
        for (int seen = 0; seen < ValuesPerCheck; seen++)
        {
            if (!frame.Table.Next(ref key, out LuaValue _))
            {
                BeginElements(ref frame, IsSparse(call, frame) ? 0 : frame.Largest);
                return;
            }
            double number = key.Number;
            if (!key.IsNumber || number < 1 || Math.Floor(number) != number)
            {
                BeginElements(ref frame, 0);
                return;
            }
            if (number > frame.Largest)
            {
                frame.Largest = CInteger.ToInt32(number);
            }
            frame.Count++;
        }
        _work += ValuesPerCheck >> 2;
        frame.Key = key;
    }

    private void BeginElements(ref Frame frame, int length)
    {
        bool isArray = length > 0;
        frame.ArrayLength = Math.Max(length, 0);
        frame.Key = isArray ? 0.0 : LuaValue.Nil;
        _result.Add(isArray ? (byte)'[' : (byte)'{');
        _stackUsed += isArray ? 1 : 2;
    }

    private bool IsSparse(in HostCall call, Frame frame)
    {
        bool isSparse = _settings.SparseRatio > 0
            && frame.Largest > unchecked(frame.Count * _settings.SparseRatio)
            && frame.Largest > _settings.SparseSafe;
        return isSparse && !_settings.ConvertsSparse ? throw Refused(call, frame.Table, "excessively sparse array") : isSparse;
    }

    private void AddNumber(in HostCall call, double number)
    {
        if (!double.IsFinite(number))
        {
            switch (_settings.EncodeInvalid)
            {
                case InvalidNumbers.Off:
                    throw Refused(call, number, "must not be NaN or Inf");
                case InvalidNumbers.Null:
                    _result.Add("null"u8);
                    return;
                default:
                    _result.Add(double.IsNaN(number) ? "nan"u8 : number < 0 ? "-inf"u8 : "inf"u8);
                    return;
            }
        }
        Span<byte> text = _result.Reserve(NumberText.SizeMax);
        _result.Advance(NumberText.Write(number, _settings.Precision, text));
    }

    private void AddText(ReadOnlySpan<byte> text)
    {
        _work += text.Length / BytesPerStep;
        _result.Add((byte)'"');
        while (true)
        {
            int plain = text.IndexOfAny(s_escaped);
            if (plain < 0)
            {
                _result.Add(text);
                break;
            }
            _result.Add(text[..plain]);
            _result.Add(s_escapes[text[plain]]);
            text = text[(plain + 1)..];
        }
        _result.Add((byte)'"');
    }

    private static LuaException Refused(in HostCall call, LuaValue value, string reason) =>
        call.Error($"Cannot serialise {value.TypeName}: {reason}");

    private static byte[]?[] CreateEscapes()
    {
        byte[]?[] escapes = new byte[]?[256];
        for (int one = 0; one < 256; one++)
        {
            escapes[one] = one switch
            {
                '\b' => "\\b"u8.ToArray(),
                '\t' => "\\t"u8.ToArray(),
                '\n' => "\\n"u8.ToArray(),
                '\f' => "\\f"u8.ToArray(),
                '\r' => "\\r"u8.ToArray(),
                '"' or '/' or '\\' => [(byte)'\\', (byte)one],
                < ' ' or 0x7f => System.Text.Encoding.Latin1.GetBytes($"\\u{one:x4}"),
                _ => null,
            };
        }
        return escapes;
    }
}
