namespace Bixbite.Lua.Values;

/// <summary>An object of the host that scripts may hold but not look into.</summary>
public sealed class LuaUserdata : LuaObject
{
    public const long OwnBytes = 48;

    public override LuaType Type => LuaType.Userdata;

    public object? Content { get; init; }

    public LuaTable? Metatable { get; set; }

    /// <summary>The functions' environment, as <c>getfenv</c> has it of closures; null is the globals.</summary>
    public LuaTable? Environment { get; set; }
}
