using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>The events that metatables answer.</summary>
internal enum MetaEvent
{
    Index,
    NewIndex,
    Eq,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Unm,
    Len,
    Lt,
    Le,
    Concat,
    Call,
    ToString,
    Metatable,
    Mode,
}

/// <summary>The keys of the events in metatables.</summary>
internal sealed class EventNames
{
    private static readonly string[] s_names =
    [
        "__index", "__newindex", "__eq", "__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm", "__len", "__lt", "__le", "__concat",
        "__call", "__tostring", "__metatable", "__mode",
    ];

    private readonly LuaString[] _keys;

    public EventNames(StringPool strings)
    {
        _keys = [.. s_names.Select(strings.Get)];
    }

    public LuaString this[MetaEvent name] => _keys[(int)name];

    /// <summary>The handler in a metatable, or nil. A table remembers what it does not have.</summary>
    public LuaValue Find(LuaTable? metatable, MetaEvent name)
    {
        uint bit = 1u << (int)name;
        if (metatable is null || (metatable.AbsentEvents & bit) != 0)
        {
            return LuaValue.Nil;
        }
        LuaValue handler = metatable.Get(_keys[(int)name]);
        if (handler.IsNil)
        {
            metatable.AbsentEvents |= bit;
        }
        return handler;
    }
}
