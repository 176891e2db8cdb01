using System.Text;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua;

/// <summary>
/// Runs a program with the whole of the library, and collects what its <c>show</c> writes, line by line, as the reference does.
/// </summary>
internal sealed class ScriptRunner
{
    private readonly List<string> _lines = [];

    public ScriptRunner()
    {
        BaseLibrary.Open(Machine);
        CoroutineLibrary.Open(Machine);
        StringLibrary.Open(Machine);
        TableLibrary.Open(Machine);
        MathLibrary.Open(Machine, new RandomSequence());
        Machine.Register(Machine.Globals, "show", Show);
        Machine.Register(Machine.Globals, "hex", (in call) => call.Return(call.Memory.NewString(FromHex(call.CheckString(0)))));
    }

    public LuaMachine Machine { get; } = new();

    /// <summary>Slices that were not the last one of the last run.</summary>
    public int PauseCount { get; private set; }

    /// <summary>The lines of a program that ends without an error, given so many instructions at once.</summary>
    public string[] Run(string program, long fuelAtOnce = 1_000_000)
    {
        _lines.Clear();
        PauseCount = 0;
        Machine.Start(Machine.Load(Encoding.Latin1.GetBytes(program), LuaString.Of("@test")));
        RunStatus status;
        while ((status = Machine.Run(fuelAtOnce)) == RunStatus.Suspended)
        {
            PauseCount++;
        }
        Assert.True(status == RunStatus.Finished, Machine.Error.ToString());
        return [.. _lines];
    }

    private HostStep Show(in HostCall call)
    {
        List<string> parts = [];
        foreach (LuaValue value in call.Arguments)
        {
            parts.Add(TextOf(value));
        }
        _lines.Add(string.Join(' ', parts));
        return call.Return();
    }

    private static string TextOf(LuaValue value)
    {
        if (value.IsNumber)
        {
            return double.IsNaN(value.Number) ? "nan" : Formatted(value.Number);
        }
        return value.Object is LuaString text ? ReferenceLua.Hex(text.Span)
            : value.IsNil ? "nil"
            : value.RawEquals(LuaValue.True) ? "true"
            : value.RawEquals(LuaValue.False) ? "false"
            : value.TypeName;
    }

    private static string Formatted(double number)
    {
        int at = 0;
        FormatSpec.Read(".17g"u8, ref at, out FormatSpec spec);
        ByteBuffer buffer = new();
        FormatField.AddFloat(buffer, spec, number);
        return Encoding.Latin1.GetString(buffer.Written);
    }

    private static byte[] FromHex(LuaString text) => Convert.FromHexString(text.ToString());
}
