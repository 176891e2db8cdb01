using System.Globalization;
using System.Text;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Protocol;

namespace Bixbite.Scripting.Debugging;

/// <summary>The commands of the debugger that look at what stands still, and change nothing of it.</summary>
internal sealed class DebugView(LineTracer tracer, LuaMachine machine, DebugSource source, DebugLog log)
{
    private const int ContextDefault = 5;

    /// <summary>Arguments of a command that are shown.</summary>
    private const int ArgumentsMax = 10;

    /// <summary>Lines that are not limited are cut here all the same, in bytes: tables may contain themselves.</summary>
    private const int LineSizeMax = 1 << 20;

    private static readonly string[] s_help =
    [
        "Redis Lua debugger help:",
        "[h]elp               Show this help.",
        "[s]tep               Run current line and stop again.",
        "[n]ext               Alias for step.",
        "[c]ontinue           Run till next breakpoint.",
        "[l]ist               List source code around current line.",
        "[l]ist [line]        List source code around [line].",
        "                     line = 0 means: current position.",
        "[l]ist [line] [ctx]  In this form [ctx] specifies how many lines",
        "                     to show before/after [line].",
        "[w]hole              List all source code. Alias for 'list 1 1000000'.",
        "[p]rint              Show all the local variables.",
        "[p]rint <var>        Show the value of the specified variable.",
        "                     Can also show global vars KEYS and ARGV.",
        "[b]reak              Show all breakpoints.",
        "[b]reak <line>       Add a breakpoint to the specified line.",
        "[b]reak -<line>      Remove breakpoint from the specified line.",
        "[b]reak 0            Remove all breakpoints.",
        "[t]race              Show a backtrace.",
        "[e]val <code>        Execute some Lua code (in a different callframe).",
        "[r]edis <cmd>        Execute a Redis command.",
        "[m]axlen [len]       Trim logged Redis replies and Lua var dumps to len.",
        "                     Specifying zero as <len> means unlimited.",
        "[a]bort              Stop the execution of the script. In sync",
        "                     mode dataset changes will be retained.",
        "",
        "Debugger functions you can call from Lua scripts:",
        "redis.debug()        Produce logs in the debugger console.",
        "redis.breakpoint()   Stop execution like if there was a breakpoint in the",
        "                     next line of code.",
    ];

    public void Help()
    {
        foreach (string line in s_help)
        {
            log.Add(line);
        }
    }

    /// <summary>Changes or tells how much of values and replies is shown.</summary>
    public void Limit(ReadOnlySpan<byte[]> arguments)
    {
        if (arguments.Length == 1)
        {
            log.Limit(DebugNumber.Leading(arguments[0]));
        }
        log.Add(log.SizeMax == 0
            ? "<value> replies are unlimited."
            : string.Create(CultureInfo.InvariantCulture, $"<value> replies are truncated at {log.SizeMax} bytes."));
    }

    public void Break(ReadOnlySpan<byte[]> arguments)
    {
        if (arguments.IsEmpty)
        {
            source.ShowBreakpoints();
        }
        foreach (byte[] argument in arguments)
        {
            source.Break(argument);
        }
    }

    /// <summary>Shows the lines around one.</summary>
    public void List(ReadOnlySpan<byte[]> arguments)
    {
        int line = arguments.Length > 0 ? DebugNumber.Leading(arguments[0]) : 0;
        int context = arguments.Length > 1 ? DebugNumber.Leading(arguments[1]) : ContextDefault;
        source.ShowAround(line > 0 ? line : source.CurrentLine, context);
    }

    /// <summary>Shows where each call of the script stands.</summary>
    public void ShowCalls()
    {
        for (int call = 0; call < tracer.CallCount; call++)
        {
            if (tracer.IsTraced(call))
            {
                log.Add($"{(call == 0 ? "In" : "From")} {tracer.NameOf(call) ?? "top level"}:");
                source.Show(tracer.LineOf(call));
            }
        }
    }

    /// <summary>Shows the variable of a name, or all of the innermost call.</summary>
    public void Print(ReadOnlySpan<byte[]> arguments)
    {
        if (arguments.Length == 1)
        {
            PrintOne(arguments[0]);
            return;
        }
        bool isAny = false;
        foreach ((LuaString name, LuaValue value) in tracer.LocalsOf(0))
        {
            ShowValue([.. "<value> "u8, .. name.Span, .. " = "u8], value);
            isAny = true;
        }
        if (!isAny)
        {
            log.Add("No local variables in the current context."u8);
        }
    }

    /// <summary>Shows the values that the script gives to <c>redis.debug</c>.</summary>
    public void ShowValues(ReadOnlySpan<LuaValue> values)
    {
        var text = new DebugText(LineSizeMax);
        text.Add(string.Create(CultureInfo.InvariantCulture, $"<debug> line {source.CurrentLine}: "));
        for (int i = 0; i < values.Length; i++)
        {
            text.Add(i == 0 ? "" : ", ");
            ValueText.Write(text, values[i]);
        }
        log.Add(text.Bytes);
    }

    public void ShowCommand(ReadOnlySpan<Argument> arguments)
    {
        var text = new DebugText(int.MaxValue);
        text.Add("<redis>"u8);
        for (int i = 0; i < arguments.Length; i++)
        {
            if (i == ArgumentsMax)
            {
                text.Add(string.Create(CultureInfo.InvariantCulture, $" ... ({arguments.Length - i - 1} more)"));
                break;
            }
            text.Add(' ').Add(arguments[i].Bytes);
        }
        log.Add(text.Bytes);
    }

    public void ShowReply(ReadOnlySpan<byte> reply)
    {
        DebugText text = new DebugText(log.SizeNeeded).Add("<reply> "u8);
        new ReplyText(text, reply).Write();
        log.AddCut(text);
    }

    public void ShowValue(ReadOnlySpan<byte> before, LuaValue value)
    {
        DebugText text = new DebugText(log.SizeNeeded).Add(before);
        ValueText.Write(text, value);
        log.AddCut(text);
    }

    /// <summary>An error as a text: of a command's its message.</summary>
    public string TextOf(LuaValue error)
    {
        LuaValue text = error.Object is LuaTable table ? table.Get(machine.Strings.Get("err")) : error;
        return HostArguments.TryString(machine.Memory, text)?.ToString() ?? "(null)";
    }

    private void PrintOne(ReadOnlySpan<byte> name)
    {
        for (int call = 0; call < tracer.CallCount; call++)
        {
            foreach ((LuaString local, LuaValue value) in tracer.LocalsOf(call))
            {
                if (local.Span.SequenceEqual(name))
                {
                    ShowValue("<value> "u8, value);
                    return;
                }
            }
        }
        if (name.SequenceEqual("KEYS"u8) || name.SequenceEqual("ARGV"u8))
        {
            ShowValue("<value> "u8, machine.Globals.Get(machine.Strings.Get(Encoding.ASCII.GetString(name))));
            return;
        }
        log.Add("No such variable."u8);
    }
}
