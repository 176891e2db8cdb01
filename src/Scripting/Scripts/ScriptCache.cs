using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Structures.Digests;
using Bixbite.Structures.Text;

namespace Bixbite.Scripting.Scripts;

/// <summary>
/// The scripts by the SHA1 of their sources. Of those that came with EVAL the least recently used goes when there are too many; what SCRIPT
/// LOAD brought stays. The machine knows the compiled ones as reachable by a table of the cache's.
/// </summary>
internal sealed class ScriptCache
{
    /// <summary>Scripts of EVAL that are kept.</summary>
    public const int EvalCountMax = 500;

    /// <summary>Bytes of a script beside its source, estimated; what was compiled the machine counts.</summary>
    private const long SizeBase = 300;

    private static readonly LuaString s_chunkName = LuaString.Of("@user_script");

    private readonly LuaMachine _machine;
    private readonly LuaTable _reachable;
    private readonly Dictionary<LuaString, Script> _scripts;
    private readonly Dictionary<LuaString, Script>.AlternateLookup<ReadOnlySpan<byte>> _byDigest;
    private readonly LinkedList<Script> _used = new();

    public ScriptCache(LuaMachine machine)
    {
        _machine = machine;
        _reachable = machine.Memory.NewTable();
        machine.Roots.Add(_reachable);
        _scripts = new Dictionary<LuaString, Script>(DigestComparer.Instance);
        _byDigest = _scripts.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _scripts.Count;

    /// <summary>Bytes of the sources and of what is kept with them.</summary>
    public long Bytes { get; private set; }

    /// <summary>Scripts that had to go for others.</summary>
    public long EvictedCount { get; private set; }

    /// <summary>The script of a digest, in any letter case, or null.</summary>
    public Script? Find(ReadOnlySpan<byte> digest)
    {
        if (digest.Length != Script.Sha1Size)
        {
            return null;
        }
        Span<byte> name = stackalloc byte[Script.Sha1Size];
        Ascii.ToLower(digest, name);
        if (!_byDigest.TryGetValue(name, out Script? script))
        {
            return null;
        }
        if (script.Use is { } use && use != _used.Last)
        {
            _used.Remove(use);
            _used.AddLast(use);
        }
        return script;
    }

    /// <summary>The script of this source, compiled if it is not there.</summary>
    /// <param name="source">Its bytes.</param>
    /// <param name="isForGood">It stays whatever else comes.</param>
    /// <param name="error">What is wrong with it.</param>
    /// <returns>Null if it is no script.</returns>
    public Script? Load(ReadOnlySpan<byte> source, bool isForGood, out string error)
    {
        error = "";
        Span<byte> digest = stackalloc byte[Script.Sha1Size];
        WriteDigest(source, digest);
        Script? script = Find(digest) ?? Compile(source, digest, out error);
        if (script is { Use: not null } && isForGood)
        {
            _used.Remove(script.Use);
            script.Use = null;
        }
        else if (script is not null && !isForGood)
        {
            MakeRoom();
        }
        return script;
    }

    /// <summary>The SHA1 of some bytes, in 40 digits.</summary>
    public static void WriteDigest(ReadOnlySpan<byte> source, Span<byte> digits)
    {
        Span<byte> hash = stackalloc byte[Sha1.Size];
        Sha1.Hash(source, hash);
        Convert.TryToHexStringLower(hash, digits, out _);
    }

    private Script? Compile(ReadOnlySpan<byte> source, ReadOnlySpan<byte> digest, out string error)
    {
        if (Shebang.Read(source, out ScriptFlags flags, out int skipped) is { } problem)
        {
            error = problem;
            return null;
        }
        error = "";
        try
        {
            LuaFunction function = _machine.Load(source[skipped..].ToArray(), s_chunkName);
            var name = new LuaString(digest.ToArray());
            var script = new Script(name, function, flags, source.ToArray());
            script.Use = _used.AddLast(script);
            _scripts.Add(name, script);
            _reachable.Set(name, function);
            Bytes += SizeBase + source.Length;
            return script;
        }
        catch (LuaException exception)
        {
            error = "Error compiling script (new function): " + exception.Value;
            return null;
        }
    }

    private void MakeRoom()
    {
        while (_used.Count > EvalCountMax && _used.First is { } oldest)
        {
            Script script = oldest.Value;
            _used.RemoveFirst();
            _scripts.Remove(script.Digest);
            _reachable.Set(script.Digest, LuaValue.Nil);
            Bytes -= SizeBase + script.Source.Length;
            EvictedCount++;
        }
    }
}
