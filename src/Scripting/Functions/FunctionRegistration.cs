using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Scripting.Conversions;
using Bixbite.Scripting.Scripts;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Functions;

/// <summary><c>redis.register_function</c>, with Redis' texts: a name and a function, or a table that has more.</summary>
internal sealed class FunctionRegistration(ScriptWords words)
{
    private const string Self = "redis.register_function";

    /// <summary>Instructions that a call counts for.</summary>
    private const int Work = 50;

    /// <summary>The library that loads; null while none does.</summary>
    public Library? Library { get; set; }

    public HostStep Register(in HostCall call)
    {
        if (Library is not { } library)
        {
            return Fail(call, $"{Self} can only be called on FUNCTION LOAD command");
        }
        call.Spend(Work);
        string? problem = Read(call, out Arguments given) ?? Add(library, given);
        return problem is null ? call.Return() : Fail(call, problem);
    }

    private static string? Add(Library library, in Arguments given)
    {
        if (!Library.IsName(given.Name!.Span))
        {
            return LibraryHeader.NameRule;
        }
        var function = new LibraryFunction(library, given.Name, given.Callback!) { Flags = given.Flags, Description = given.Description };
        return library.TryAdd(function) ? null : "Function already exists in the library";
    }

    private static string? Read(in HostCall call, out Arguments given)
    {
        given = default;
        switch (call.Count)
        {
            case 1:
                return call[0].Object is LuaTable table
                    ? ReadTable(call.Memory, table, ref given)
                    : $"calling {Self} with a single argument is only applicable to Lua table (representing named arguments).";
            case 2:
                given.Name = HostArguments.TryString(call.Memory, call[0]);
                given.Callback = call[1].Object as LuaFunction;
                return given.Name is null ? $"first argument to {Self} must be a string"
                    : given.Callback is null ? $"second argument to {Self} must be a function"
                    : null;
            default:
                return $"wrong number of arguments to {Self}";
        }
    }

    private static string? ReadTable(LuaMemory memory, LuaTable table, ref Arguments given)
    {
        LuaValue key = LuaValue.Nil;
        while (table.Next(ref key, out LuaValue value))
        {
            if (HostArguments.TryString(memory, key) is not { } name)
            {
                return $"named argument key given to {Self} is not a string";
            }
            if (ReadNamed(memory, name.Span, value, ref given) is { } problem)
            {
                return problem;
            }
        }
        return given.Name is null ? $"{Self} must get a function name argument"
            : given.Callback is null ? $"{Self} must get a callback argument"
            : null;
    }

    private static string? ReadNamed(LuaMemory memory, ReadOnlySpan<byte> name, LuaValue value, ref Arguments given)
    {
        if (Ascii.EqualsIgnoreCase(name, "function_name"u8))
        {
            given.Name = HostArguments.TryString(memory, value);
            return given.Name is null ? $"function_name argument given to {Self} must be a string" : null;
        }
        if (Ascii.EqualsIgnoreCase(name, "description"u8))
        {
            given.Description = HostArguments.TryString(memory, value);
            return given.Description is null ? $"description argument given to {Self} must be a string" : null;
        }
        if (Ascii.EqualsIgnoreCase(name, "callback"u8))
        {
            given.Callback = value.Object as LuaFunction;
            return given.Callback is null ? $"callback argument given to {Self} must be a function" : null;
        }
        if (!Ascii.EqualsIgnoreCase(name, "flags"u8))
        {
            return $"unknown argument given to {Self}";
        }
        return value.Object is LuaTable flags
            ? ReadFlags(flags, ref given)
            : $"flags argument to {Self} must be a table representing function flags";
    }

    private static string? ReadFlags(LuaTable list, ref Arguments given)
    {
        ScriptFlags flags = ScriptFlags.None;
        for (int i = 1; list.Get(i) is { IsNil: false } value; i++)
        {
            ScriptFlags flag = value.Object is LuaString name ? ScriptFlagNames.Find(name.Span, ignoresCase: true) : ScriptFlags.None;
            if (flag == ScriptFlags.None)
            {
                return "unknown flag given";
            }
            flags |= flag;
        }
        given.Flags = flags;
        return null;
    }

    private HostStep Fail(in HostCall call, string text) =>
        call.Fail(words.NewError(call.Memory, System.Text.Encoding.Latin1.GetBytes("ERR " + text)));

    private struct Arguments
    {
        public LuaString? Name;
        public LuaFunction? Callback;
        public LuaString? Description;
        public ScriptFlags Flags;
    }
}
