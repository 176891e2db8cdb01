using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary><c>string.format</c>.</summary>
internal sealed class StringFormat(LuaMemory memory)
{
    /// <summary>Long fractions are worked out digit by digit, with large integers.</summary>
    private const int StepsPerDigit = 4;

    private readonly ByteBuffer _result = new(memory.Add);

    public HostStep Format(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        ReadOnlySpan<byte> format = text.Span;
        _result.Clear();
        int argument = 0;
        int at = 0;
        while (true)
        {
            int percent = format[at..].IndexOf((byte)'%');
            if (percent < 0)
            {
                _result.Add(format[at..]);
                break;
            }
            _result.Add(format.Slice(at, percent));
            at += percent + 1;
            if (at < format.Length && format[at] == '%')
            {
                _result.Add(format[at++]);
                continue;
            }
            if (++argument >= call.Count)
            {
                throw call.ArgumentError(argument, "no value");
            }
            Add(call, format, ref at, argument);
        }
        LuaString result = call.Memory.NewString(_result.Written);
        _result.Clear();
        return call.Return(result);
    }

    private void Add(in HostCall call, ReadOnlySpan<byte> format, ref int at, int argument)
    {
        switch (FormatSpec.Read(format, ref at, out FormatSpec spec))
        {
            case FormatError.RepeatedFlags:
                throw call.Error("invalid format (repeated flags)");
            case FormatError.TooLong:
                throw call.Error("invalid format (width or precision too long)");
        }
        switch (spec.Conversion)
        {
            case (byte)'d' or (byte)'i':
                FormatField.AddSigned(_result, spec, call.CheckLong(argument));
                break;
            case (byte)'o' or (byte)'u' or (byte)'x' or (byte)'X':
                FormatField.AddUnsigned(_result, spec, CInteger.ToUInt64(call.CheckNumber(argument)));
                break;
            case (byte)'e' or (byte)'E' or (byte)'f' or (byte)'g' or (byte)'G':
                int before = _result.Length;
                FormatField.AddFloat(_result, spec, call.CheckNumber(argument));
                call.Spend((_result.Length - before) * StepsPerDigit);
                break;
            case (byte)'c':
                FormatField.AddCharacter(_result, spec, unchecked((byte)CInteger.ToInt32(call.CheckNumber(argument))));
                break;
            case (byte)'s':
                FormatField.AddText(_result, spec, call.CheckString(argument).Span);
                break;
            case (byte)'q':
                FormatField.AddQuoted(_result, call.CheckString(argument).Span);
                break;
            default:
                string letter = spec.Conversion == 0 ? "" : ((char)spec.Conversion).ToString();
                throw call.Error($"invalid option '%{letter}' to 'format'");
        }
        call.Spend(_result.Length >> 10);
    }
}
