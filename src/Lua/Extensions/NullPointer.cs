using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>
/// The light userdata that refers to nothing, which stands for null where nil cannot: <c>cjson.null</c>. There is one for all machines.
/// </summary>
public sealed class NullPointer : LuaObject
{
    private NullPointer()
    {
    }

    public static NullPointer Instance { get; } = new() { Mark = Uncounted };

    public override LuaType Type => LuaType.LightUserdata;
}
