using System.Text;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua;

/// <summary>Runs scripts for tests and keeps what they print.</summary>
internal sealed class Script
{
    /// <summary>As tests see it in messages: "test:1:".</summary>
    private static readonly LuaString s_name = LuaString.Of("@test");

    private readonly StringBuilder _output = new();

    public Script()
    {
        Machine.Output = line => _output.Append(_output.Length > 0 ? "\n" : "").Append(Encoding.Latin1.GetString(line));
        BaseLibrary.Open(Machine);
        CoroutineLibrary.Open(Machine);
    }

    public LuaMachine Machine { get; } = new();

    public string Output => _output.ToString();

    /// <summary>The lines that a script prints, or its error: at once, and the same in slices of a few instructions.</summary>
    public static string Print(string source)
    {
        string atOnce = new Script().Run(source, long.MaxValue);
        foreach (long slice in (long[])[0, 3])
        {
            Assert.Equal(atOnce, new Script().Run(source, slice));
        }
        return atOnce;
    }

    /// <summary>Runs a script in slices to its end; the result is the output, with the error as its last line if there was one.</summary>
    public string Run(string source, long slice = long.MaxValue)
    {
        try
        {
            Machine.Start(Machine.Load(Encoding.Latin1.GetBytes(source), s_name));
        }
        catch (LuaException error)
        {
            return error.Value.ToString();
        }
        RunStatus status;
        do
        {
            status = Machine.Run(slice);
        }
        while (status == RunStatus.Suspended);
        if (status == RunStatus.Failed)
        {
            Machine.Output!(Encoding.Latin1.GetBytes(Machine.Error.ToString()));
        }
        return Output;
    }
}
