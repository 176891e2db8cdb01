using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Conversions;

/// <summary>The keys of tables that stand for replies, as strings of the machine.</summary>
internal sealed class ScriptWords(StringPool strings)
{
    /// <summary>An error as commands answer it: a table with the text.</summary>
    public LuaTable NewError(LuaMemory memory, ReadOnlySpan<byte> text) => NewReply(memory, Err, memory.NewString(text));

    /// <summary>A table with one field that stands for a reply.</summary>
    public static LuaTable NewReply(LuaMemory memory, LuaString kind, LuaValue value)
    {
        LuaTable table = memory.NewTable(0, 1);
        table.Set(kind, value);
        return table;
    }

    public LuaString Err { get; } = strings.Get("err");

    public LuaString Ok { get; } = strings.Get("ok");

    public LuaString Double { get; } = strings.Get("double");

    public LuaString Map { get; } = strings.Get("map");

    public LuaString Set { get; } = strings.Get("set");

    public LuaString BigNumber { get; } = strings.Get("big_number");

    public LuaString VerbatimString { get; } = strings.Get("verbatim_string");

    public LuaString Format { get; } = strings.Get("format");

    public LuaString String { get; } = strings.Get("string");

    /// <summary>Marks an error that a command has counted already.</summary>
    public LuaString IgnoreErrorStatsUpdate { get; } = strings.Get("ignore_error_stats_update");
}
