using System.Globalization;
using System.Text;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>The table <c>cjson</c>: values to and from JSON, with the functions that set how.</summary>
public sealed class JsonLibrary
{
    private static readonly string[] s_switch = ["off", "on"];
    private static readonly string[] s_numbers = ["off", "on", "null"];

    private readonly JsonSettings _settings = new();
    private JsonEncoding? _spareEncoding;

    private JsonLibrary()
    {
    }

    public static void Open(LuaMachine machine) => machine.Globals.Set(machine.Strings.Get("cjson"), NewTable(machine));

    private static LuaTable NewTable(LuaMachine machine)
    {
        JsonLibrary library = new();
        LuaTable table = machine.Memory.NewTable();
        machine.Register(table, "encode", library.Encode);
        machine.Register(table, "decode", library.Decode);
        machine.Register(table, "encode_sparse_array", library.EncodeSparseArray);
        machine.Register(table, "encode_max_depth", library.EncodeMaxDepth);
        machine.Register(table, "decode_max_depth", library.DecodeMaxDepth);
        machine.Register(table, "encode_number_precision", library.EncodeNumberPrecision);
        machine.Register(table, "encode_keep_buffer", library.EncodeKeepBuffer);
        machine.Register(table, "encode_invalid_numbers", library.EncodeInvalidNumbers);
        machine.Register(table, "decode_invalid_numbers", library.DecodeInvalidNumbers);
        machine.Register(table, "new", (in call) => call.Return(NewTable(call.Machine)));
        table.Set(machine.Strings.Get("null"), NullPointer.Instance);
        table.Set(machine.Strings.Get("_NAME"), LuaString.Of("cjson"));
        table.Set(machine.Strings.Get("_VERSION"), LuaString.Of("2.1.0"));
        return table;
    }

    private HostStep Encode(in HostCall call)
    {
        if (call.Count != 1)
        {
            throw call.ArgumentError(0, "expected 1 argument");
        }
        JsonEncoding encoding = _spareEncoding ?? new JsonEncoding(call.Memory, _settings, Keep);
        _spareEncoding = null;
        return encoding.Begin(call, call[0]);
    }

    private void Keep(JsonEncoding encoding) => _spareEncoding = encoding;

    private HostStep Decode(in HostCall call)
    {
        if (call.Count != 1)
        {
            throw call.ArgumentError(0, "expected 1 argument");
        }
        LuaString text = call.CheckString(0);
        if (text.Length >= 2 && (text.Span[0] == 0 || text.Span[1] == 0))
        {
            throw call.Error("JSON parser does not support UTF-16 or UTF-32");
        }
        return new JsonDecoding(call.Memory, text, _settings).Resume(call);
    }

    private HostStep EncodeSparseArray(in HostCall call)
    {
        CheckCount(call, 3);
        _settings.ConvertsSparse = Choose(call, _settings.ConvertsSparse ? 1 : 0, s_switch) == 1;
        _settings.SparseRatio = Integer(call, 1, _settings.SparseRatio, 0, int.MaxValue);
        _settings.SparseSafe = Integer(call, 2, _settings.SparseSafe, 0, int.MaxValue);
        return call.Return(_settings.ConvertsSparse, (double)_settings.SparseRatio, (double)_settings.SparseSafe);
    }

    private HostStep EncodeMaxDepth(in HostCall call)
    {
        CheckCount(call, 1);
        _settings.EncodeDepthMax = Integer(call, 0, _settings.EncodeDepthMax, 1, int.MaxValue);
        return call.Return((double)_settings.EncodeDepthMax);
    }

    private HostStep DecodeMaxDepth(in HostCall call)
    {
        CheckCount(call, 1);
        _settings.DecodeDepthMax = Integer(call, 0, _settings.DecodeDepthMax, 1, int.MaxValue);
        return call.Return((double)_settings.DecodeDepthMax);
    }

    private HostStep EncodeNumberPrecision(in HostCall call)
    {
        CheckCount(call, 1);
        _settings.Precision = Integer(call, 0, _settings.Precision, 1, 14);
        return call.Return((double)_settings.Precision);
    }

    private HostStep EncodeKeepBuffer(in HostCall call)
    {
        CheckCount(call, 1);
        _settings.KeepsBuffer = Choose(call, _settings.KeepsBuffer ? 1 : 0, s_switch) == 1;
        return call.Return(_settings.KeepsBuffer);
    }

    private HostStep EncodeInvalidNumbers(in HostCall call)
    {
        CheckCount(call, 1);
        _settings.EncodeInvalid = (InvalidNumbers)Choose(call, (int)_settings.EncodeInvalid, s_numbers);
        return _settings.EncodeInvalid == InvalidNumbers.Null
            ? call.Return(call.Machine.Strings.Get("null"))
            : call.Return(_settings.EncodeInvalid == InvalidNumbers.On);
    }

    private HostStep DecodeInvalidNumbers(in HostCall call)
    {
        CheckCount(call, 1);
        _settings.DecodesInvalid = Choose(call, _settings.DecodesInvalid ? 1 : 0, s_switch) == 1;
        return call.Return(_settings.DecodesInvalid);
    }

    private static void CheckCount(in HostCall call, int countMax)
    {
        if (call.Count > countMax)
        {
            throw call.ArgumentError(countMax, "found too many arguments");
        }
    }

    /// <summary>An error about a number is always about the first argument, as in the original.</summary>
    private static int Integer(in HostCall call, int index, int current, int min, int max)
    {
        if (call[index].IsNil)
        {
            return current;
        }
        int value = unchecked((int)call.CheckLong(index));
        if (value < min || value > max)
        {
            throw call.ArgumentError(0, string.Create(CultureInfo.InvariantCulture, $"expected integer between {min} and {max}"));
        }
        return value;
    }

    /// <summary>The first argument as one of some words, of which true and false are the first two.</summary>
    private static int Choose(in HostCall call, int current, string[] words)
    {
        if (call[0].IsNil)
        {
            return current;
        }
        if (call[0].Type == LuaType.Boolean)
        {
            return call[0].IsTruthy ? 1 : 0;
        }
        LuaString word = call.CheckString(0);
        ReadOnlySpan<byte> text = word.Span;
        int end = text.IndexOf((byte)0);
        string given = Encoding.Latin1.GetString(end < 0 ? text : text[..end]);
        int chosen = Array.IndexOf(words, given);
        return chosen >= 0 ? chosen : throw call.ArgumentError(0, $"invalid option '{given}'");
    }
}
