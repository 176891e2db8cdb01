using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Scripts;

/// <summary>A compiled script of the cache.</summary>
public sealed class Script
{
    /// <summary>Digits of a SHA1.</summary>
    public const int Sha1Size = 40;

    private readonly byte[] _source;

    internal Script(LuaString digest, LuaFunction function, ScriptFlags flags, byte[] source)
    {
        Digest = digest;
        Function = function;
        Flags = flags;
        _source = source;
    }

    /// <summary>The SHA1 of its source in 40 lower-case digits.</summary>
    public ReadOnlySpan<byte> Sha1 => Digest.Span;

    public ScriptFlags Flags { get; }

    /// <summary>Its source, as it came.</summary>
    public ReadOnlySpan<byte> Source => _source;

    internal LuaString Digest { get; }

    internal LuaFunction Function { get; }

    /// <summary>Where it stands among the scripts of EVAL; null for one that SCRIPT LOAD keeps.</summary>
    internal LinkedListNode<Script>? Use { get; set; }
}
