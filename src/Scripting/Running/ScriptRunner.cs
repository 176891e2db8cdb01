using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Logging;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Scripting.Conversions;
using Bixbite.Scripting.Sandbox;
using Bixbite.Scripting.Scripts;

namespace Bixbite.Scripting.Running;

/// <summary>
/// Runs scripts for their clients, one at a time: KEYS and ARGV, the run, the reply. It owns the machine, which is made with the first
/// script.
/// </summary>
internal sealed class ScriptRunner : IDisposable
{
    /// <summary>Instructions between two looks at what else is to be done.</summary>
    private const long SliceSize = 1_000_000;

    /// <summary>Bytes of garbage that are not looked for.</summary>
    private const long GarbageSizeMax = 1 << 20;

    private readonly RandomSequence _random = new();
    private readonly LuaMachine _machine;
    private readonly ScriptRequests _requests;
    private readonly ScriptCalls _calls;
    private readonly ScriptWords _words;
    private readonly LuaToReply _results;
    private readonly LuaString _keysName;
    private readonly LuaString _argvName;
    private long _reachableBytes;

    public ScriptRunner(ScriptRequests requests, CommandTable commands, ServerLog log, Heap heap)
    {
        _requests = requests;
        ScriptWords words = null!;
        ScriptCalls calls = null!;
        _machine = SandboxedMachine.Create(_random, machine =>
        {
            words = new ScriptWords(machine.Strings);
            calls = new ScriptCalls(requests, words, heap);
            new RedisLibrary(calls, words, commands, log).Open(machine);
        });
        _words = words;
        _calls = calls;
        _results = new LuaToReply(words);
        _keysName = _machine.Strings.Get("KEYS");
        _argvName = _machine.Strings.Get("ARGV");
        Scripts = new ScriptCache(_machine);
    }

    /// <summary>The scripts that are known.</summary>
    internal ScriptCache Scripts { get; }

    /// <summary>Bytes that scripts hold.</summary>
    public long MachineBytes => _machine.Memory.Used;

    /// <summary>Runs a script in the context of its command; the reply is written.</summary>
    /// <param name="context">The command's.</param>
    /// <param name="script">Of the cache.</param>
    /// <param name="firstKey">Where the keys begin among the arguments.</param>
    /// <param name="keyCount">Arguments that are keys; the others follow.</param>
    /// <param name="isReadOnly">The command allows no writes.</param>
    internal void Run(CommandContext context, Script script, int firstKey, int keyCount, bool isReadOnly)
    {
        context.Effects.Suppress();
        ScriptScope scope = _requests.Begin(context, PermissionsOf(script, isReadOnly));
        _calls.ProtocolVersion = 2;
        _random.Seed(0);
        bool isErrorCounted = false;
        try
        {
            SetGlobals(context, firstKey, keyCount);
            _machine.Start(script.Function);
            RunStatus status;
            do
            {
                status = _machine.Run(SliceSize);
            }
            while (status == RunStatus.Suspended);
            isErrorCounted = Answer(context.Reply, script, status);
        }
        finally
        {
            _machine.Stop();
            SetGlobal(_keysName, LuaValue.Nil);
            SetGlobal(_argvName, LuaValue.Nil);
            _requests.End(context, isErrorCounted, scope);
            LimitGarbage();
        }
    }

    public void Dispose() => _calls.Dispose();

    private static ScriptPermissions PermissionsOf(Script script, bool isReadOnly)
    {
        ScriptPermissions permissions = isReadOnly || script.Flags.HasFlag(ScriptFlags.NoWrites)
            ? ScriptPermissions.ReadOnly
            : ScriptPermissions.None;
        return script.Flags.HasFlag(ScriptFlags.AllowOom) ? permissions | ScriptPermissions.ExceedsMemory : permissions;
    }

    private void SetGlobals(CommandContext context, int firstKey, int keyCount)
    {
        int firstArgument = firstKey + keyCount;
        SetGlobal(_keysName, NewList(context, firstKey, firstArgument));
        SetGlobal(_argvName, NewList(context, firstArgument, context.Count));
    }

    private LuaTable NewList(CommandContext context, int first, int end)
    {
        LuaTable list = _machine.Memory.NewTable(end - first);
        for (int i = first; i < end; i++)
        {
            list.Set(i - first + 1, _machine.Memory.NewString(context[i]));
        }
        return list;
    }

    /// <summary>The globals are read-only for scripts alone.</summary>
    private void SetGlobal(LuaString name, LuaValue value)
    {
        _machine.Globals.IsReadOnly = false;
        _machine.Globals.Set(name, value);
        _machine.Globals.IsReadOnly = true;
    }

    /// <summary>Garbage counts as memory until it is told from what can be reached.</summary>
    private void LimitGarbage()
    {
        long used = _machine.Memory.Used;
        if (used - _reachableBytes > Math.Max(GarbageSizeMax, _reachableBytes))
        {
            _machine.Memory.Measure();
            _reachableBytes = _machine.Memory.Used;
        }
    }

    /// <summary>Writes the result or the error; true if it is an error that was counted with a command of the script's.</summary>
    private bool Answer(ReplyWriter reply, Script script, RunStatus status)
    {
        LuaValue result = status == RunStatus.Failed ? _machine.Error : _machine.Results.IsEmpty ? LuaValue.Nil : _machine.Results[0];
        if (status == RunStatus.Failed)
        {
            AnswerError(reply, script, result);
        }
        else
        {
            _results.Write(reply, result, hasBooleans: _calls.ProtocolVersion == 3);
        }
        return result.Object is LuaTable table && table.Get(_words.IgnoreErrorStatsUpdate).IsTruthy;
    }

    private void AnswerError(ReplyWriter reply, Script script, LuaValue error)
    {
        ErrorLine line = new(reply);
        if (error.Object is LuaTable table)
        {
            LuaString? text = HostArguments.TryString(_machine.Memory, table.Get(_words.Err));
            line.Argument(text is null ? ErrorText.ScriptErrorUnknown : text.Span);
        }
        else
        {
            line.Text("ERR "u8).Argument(TextOf(error));
        }
        if (_machine.ErrorSource is { } source)
        {
            line.Text(" script: "u8).Text(script.Digest.Span).Text(", on "u8).Text(source.Span).Text(":"u8)
                .Integer(_machine.ErrorLine).Text("."u8);
        }
        line.End();
    }

    private ReadOnlySpan<byte> TextOf(LuaValue error) => error.Type switch
    {
        LuaType.Nil => "nil"u8,
        LuaType.Boolean => error.IsTruthy ? "true"u8 : "false"u8,
        LuaType.Number or LuaType.String => HostArguments.TryString(_machine.Memory, error)!.Span,
        _ => System.Text.Encoding.ASCII.GetBytes(error.TypeName),
    };
}
