using System.Globalization;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary><c>tostring</c> and <c>print</c>.</summary>
internal static class TextOfValues
{
    /// <summary>Objects have no address here; they are numbered, and the numbers look like addresses.</summary>
    private const long FirstAddress = 0x5555_5555_0000;
    private const int AddressStep = 16;

    public static HostStep ToString(in HostCall call)
    {
        LuaValue value = call.CheckAny(0);
        LuaValue handler = call.Machine.Metamethod(value, MetaEvent.ToString);
        return handler.IsNil
            ? call.Return(PlainText(call.Machine, value))
            : call.Call(handler, [value], ResultTask.Instance);
    }

    public static HostStep Print(in HostCall call) => new PrintTask(call.Arguments.ToArray()).Start(call);

    /// <summary>The text of a value that has no metamethod for it.</summary>
    public static LuaString PlainText(LuaMachine machine, LuaValue value)
    {
        if (HostArguments.TryString(machine.Memory, value) is { } text)
        {
            return text;
        }
        if (value.Type is LuaType.Nil or LuaType.Boolean)
        {
            return machine.Strings.Get(value.IsNil ? "nil" : value.IsTruthy ? "true" : "false");
        }
        if (value.Type == LuaType.LightUserdata)
        {
            return machine.Strings.Get("userdata: (nil)");
        }
        long address = FirstAddress + (long)AddressStep * machine.Memory.IdOf(value.Object!);
        string shown = string.Create(CultureInfo.InvariantCulture, $"{value.TypeName}: 0x{address:x12}");
        return machine.Memory.NewString(System.Text.Encoding.Latin1.GetBytes(shown));
    }

    private sealed class ResultTask : HostTask
    {
        public static readonly ResultTask Instance = new();

        public override HostStep Resume(in HostCall call) => call.Return(call[0]);
    }

    /// <summary>Asks <c>tostring</c> for each value, as a script may have replaced it, and writes the line.</summary>
    private sealed class PrintTask(LuaValue[] values) : HostTask
    {
        private readonly List<byte> _line = [];
        private int _next;

        public override ReadOnlySpan<LuaValue> Held => values;

        public HostStep Start(in HostCall call)
        {
            if (_next == values.Length)
            {
                call.Machine.Output!(_line.ToArray());
                return call.Return();
            }
            LuaValue toString = call.Machine.Globals.Get(call.Machine.Strings.Get("tostring"));
            return call.Call(toString, [values[_next]], this);
        }

        public override HostStep Resume(in HostCall call)
        {
            if (HostArguments.TryString(call.Memory, call[0]) is not { } text)
            {
                return call.Fail("'tostring' must return a string to 'print'");
            }
            call.Memory.Require(_line.Count + text.Length);
            _line.AddRange(text.Span);
            if (++_next < values.Length)
            {
                _line.Add((byte)'\t');
            }
            return Start(call);
        }
    }
}
