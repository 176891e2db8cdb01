using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Scripts;

/// <summary>A compiled script of the cache.</summary>
public sealed class Script
{
    /// <summary>Digits of a SHA1.</summary>
    public const int Sha1Size = 40;

    internal Script(LuaString digest, LuaFunction function, ScriptFlags flags, int size)
    {
        Digest = digest;
        Function = function;
        Flags = flags;
        Size = size;
    }

    /// <summary>The SHA1 of its source in 40 lower-case digits.</summary>
    public ReadOnlySpan<byte> Sha1 => Digest.Span;

    public ScriptFlags Flags { get; }

    /// <summary>The bytes of its source.</summary>
    public int Size { get; }

    internal LuaString Digest { get; }

    internal LuaFunction Function { get; }

    /// <summary>Where it stands among the scripts of EVAL; null for one that SCRIPT LOAD keeps.</summary>
    internal LinkedListNode<Script>? Use { get; set; }
}
