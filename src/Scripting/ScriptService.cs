using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Scripting.Running;
using Bixbite.Scripting.Scripts;

namespace Bixbite.Scripting;

/// <summary>The scripts of a server, for its commands. Nothing of Lua is there before the first script comes.</summary>
public sealed class ScriptService : IDisposable
{
    private readonly ScriptTools _tools;
    private readonly ScriptRunner _runner;
    private ScriptMachine? _machine;
    private ScriptCache? _scripts;

    internal ScriptService(ScriptTools tools, ScriptRunner runner)
    {
        _tools = tools;
        _runner = runner;
    }

    /// <summary>Bytes that scripts hold in their machine.</summary>
    public long MachineBytes => _machine?.Bytes ?? 0;

    /// <summary>Bytes of the sources, and of what is kept with them.</summary>
    public long CacheBytes => _scripts?.Bytes ?? 0;

    /// <summary>Scripts that are known.</summary>
    public int Count => _scripts?.Count ?? 0;

    /// <summary>Scripts that had to go for others.</summary>
    public long EvictedCount => _scripts?.EvictedCount ?? 0;

    /// <summary>Scripts may call all commands (DEBUG SET-DISABLE-DENY-SCRIPTS).</summary>
    public bool AllowsAll
    {
        set => _tools.Requests.AllowsAll = value;
    }

    /// <summary>The script of a digest, in any letter case; null if there is none.</summary>
    public Script? Find(ReadOnlySpan<byte> digest) => _scripts?.Find(digest);

    /// <summary>The script of a source; null if it is none, which is answered.</summary>
    public Script? Load(CommandContext context, ReadOnlySpan<byte> source, bool isForGood)
    {
        _machine ??= new ScriptMachine(_tools);
        _scripts ??= new ScriptCache(_machine.Lua);
        Script? script = _scripts.Load(source, isForGood, out string error);
        if (script is null)
        {
            ErrorText.Problem(context.Reply, error);
        }
        return script;
    }

    /// <summary>The flags of a script by its digest; those of none where there is no such script.</summary>
    public ScriptFlags FlagsOfDigest(ReadOnlySpan<byte> digest) => Find(digest)?.Flags ?? ScriptFlags.Undeclared;

    /// <summary>The flags that a source declares; those of none where it declares none that are known.</summary>
    public static ScriptFlags FlagsOfSource(ReadOnlySpan<byte> source) =>
        Shebang.Read(source, out ScriptFlags flags, out _) is null ? flags : ScriptFlags.Undeclared;

    /// <summary>The flags of a command that runs a script of such flags.</summary>
    public static CommandFlags FlagsOf(CommandFlags command, ScriptFlags script)
    {
        if (script.HasFlag(ScriptFlags.Undeclared))
        {
            return command;
        }
        command &= ~(CommandFlags.Stale | CommandFlags.DenyOom | CommandFlags.Write | CommandFlags.MayReplicate);
        bool isWriting = !script.HasFlag(ScriptFlags.NoWrites);
        return command
            | (isWriting ? CommandFlags.Write : CommandFlags.None)
            | (isWriting && !script.HasFlag(ScriptFlags.AllowOom) ? CommandFlags.DenyOom : CommandFlags.None)
            | (script.HasFlag(ScriptFlags.AllowStale) ? CommandFlags.Stale : CommandFlags.None);
    }

    /// <summary>Runs a script of this service's for the context's command: so many arguments are keys, the rest is not.</summary>
    public void Run(CommandContext context, Script script, int firstKey, int keyCount, bool isReadOnly) =>
        _runner.Run(context, new ScriptTask(_machine!, script.Function, script.Digest)
        {
            Flags = script.Flags,
            IsReadOnly = isReadOnly,
            FirstKey = firstKey,
            KeyCount = keyCount,
        });

    /// <summary>Answers SCRIPT KILL.</summary>
    public void Kill(CommandContext context) => _runner.Kill(context, ScriptKind.Script);

    /// <summary>Forgets all scripts, with their machine.</summary>
    /// <param name="isLazy">The memory is given back later, rather than at once.</param>
    public void Clear(bool isLazy)
    {
        _machine?.Dispose();
        _machine = null;
        _scripts = null;
        if (!isLazy)
        {
            _tools.Garbage.Collect();
        }
    }

    public void Dispose() => Clear(isLazy: true);
}
