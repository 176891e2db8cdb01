namespace Bixbite.Lua.Values;

/// <summary>
/// Everything that a value may refer to. A number refers to nothing; nil, true and false refer to an object each, so that telling them
/// apart is one comparison.
/// </summary>
public abstract class LuaObject
{
    /// <summary>The mark of objects that belong to the host and count for no script.</summary>
    internal const int Uncounted = -1;

    public abstract LuaType Type { get; }

    /// <summary>The number of the measurement that saw this object last.</summary>
    internal int Mark { get; set; }

    /// <summary>Tells it from the others of its machine, once it was asked for; 0 before.</summary>
    internal int Id { get; set; }
}

/// <summary>Nil, true or false, and what stands for a key that a weak table lost.</summary>
internal sealed class LuaConstant(LuaType type) : LuaObject
{
    public static readonly LuaConstant Nil = new(LuaType.Nil);
    public static readonly LuaConstant True = new(LuaType.Boolean);
    public static readonly LuaConstant False = new(LuaType.Boolean);
    public static readonly LuaConstant Lost = new(LuaType.Nil);

    public override LuaType Type { get; } = type;
}
