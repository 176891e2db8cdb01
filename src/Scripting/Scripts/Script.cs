using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Scripts;

/// <summary>A compiled script of the cache.</summary>
internal sealed class Script(LuaString digest, LuaFunction function, ScriptFlags flags, int size)
{
    /// <summary>The SHA1 of its source in 40 lower-case digits.</summary>
    public LuaString Digest { get; } = digest;

    public LuaFunction Function { get; } = function;

    public ScriptFlags Flags { get; } = flags;

    /// <summary>The bytes of its source.</summary>
    public int Size { get; } = size;

    /// <summary>Where it stands among the scripts of EVAL; null for one that SCRIPT LOAD keeps.</summary>
    public LinkedListNode<Script>? Use { get; set; }
}
