namespace Bixbite.Lua.Values;

/// <summary>The types of Lua 5.1, in its order.</summary>
public enum LuaType : byte
{
    Nil,
    Boolean,
    LightUserdata,
    Number,
    String,
    Table,
    Function,
    Userdata,
    Thread,
}
