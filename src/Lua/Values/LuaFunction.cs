namespace Bixbite.Lua.Values;

/// <summary>A function of Lua or of the host.</summary>
public abstract class LuaFunction : LuaObject
{
    public override LuaType Type => LuaType.Function;
}
