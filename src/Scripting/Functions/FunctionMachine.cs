using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Platform;
using Bixbite.Scripting.Running;

namespace Bixbite.Scripting.Functions;

/// <summary>
/// The machine of all functions. The globals that a library sees are a table that is always empty, and behind it stands one of two:
/// <code>
///   while a library loads      redis = { register_function, log, LOG_..., REDIS_VERSION... }, and nothing else
///   while a function runs      the globals of scripts, without what belongs to EVAL
/// </code>
/// None of them can be changed, so a library leaves nothing to another one.
/// </summary>
internal sealed class FunctionMachine : IDisposable
{
    /// <summary>Instructions between two looks at the clock while a library loads.</summary>
    private const long SliceSize = 200_000;

    private static readonly LuaString s_chunkName = LuaString.Of("@user_function");

    /// <summary>Fields of <c>redis</c> that only scripts have.</summary>
    private static readonly string[] s_ofScripts = ["replicate_commands", "breakpoint", "debug"];

    /// <summary>Fields of <c>redis</c> that there are while a library loads.</summary>
    private static readonly string[] s_whileLoading =
        ["log", "LOG_DEBUG", "LOG_VERBOSE", "LOG_NOTICE", "LOG_WARNING", "REDIS_VERSION", "REDIS_VERSION_NUM"];

    private readonly IClock _clock;
    private readonly FunctionRegistration _registration;
    private readonly LuaTable _environment;
    private readonly LuaTable _whileLoading;
    private readonly LuaTable _reachable;
    private readonly LuaString _indexName;

    public FunctionMachine(ScriptTools tools, IClock clock)
    {
        _clock = clock;
        Script = new ScriptMachine(tools, static (machine, redis) =>
        {
            foreach (string name in s_ofScripts)
            {
                redis.Set(machine.Lua.Strings.Get(name), LuaValue.Nil);
            }
        });
        _registration = new FunctionRegistration(Script.Words);
        _indexName = Lua.Strings.Get("__index");
        _environment = Lua.Memory.NewTable();
        _environment.Metatable = Lua.Memory.NewTable();
        _environment.IsReadOnly = true;
        _whileLoading = NewGlobalsWhileLoading();
        _reachable = Lua.Memory.NewTable();
        Lua.Roots.Add(_environment);
        Lua.Roots.Add(_whileLoading);
        Lua.Roots.Add(_reachable);
        Show(Lua.Globals);
    }

    /// <summary>Runs the functions.</summary>
    public ScriptMachine Script { get; }

    private LuaMachine Lua => Script.Lua;

    /// <summary>Runs the code of a library, which registers its functions.</summary>
    /// <param name="library">A new one, without functions.</param>
    /// <param name="code">The part of its source after the header.</param>
    /// <param name="limitMs">How long it may take in milliseconds; 0 is no limit.</param>
    /// <returns>Null, or what is wrong.</returns>
    public string? Load(Library library, byte[] code, int limitMs)
    {
        LuaFunction chunk;
        Lua.SourceSizeMax = limitMs == 0 ? int.MaxValue : ScriptMachine.SourceSizeMax;
        try
        {
            chunk = Lua.Load(code, s_chunkName, _environment);
        }
        catch (LuaException exception)
        {
            return "Error compiling function: " + exception.Value;
        }
        finally
        {
            Lua.SourceSizeMax = ScriptMachine.SourceSizeMax;
        }
        Show(_whileLoading);
        _registration.Library = library;
        try
        {
            Lua.Start(chunk);
            return Run(limitMs);
        }
        finally
        {
            Lua.Stop();
            _registration.Library = null;
            Show(Lua.Globals);
            Script.LimitGarbage();
        }
    }

    /// <summary>A library of this machine's, without functions; it counts as reachable until it is forgotten.</summary>
    public Library NewLibrary(byte[] name, byte[] source)
    {
        var library = new Library(name, source, Lua.Memory.NewTable());
        _reachable.Set(library.Callbacks, true);
        return library;
    }

    /// <summary>The library is not used any more.</summary>
    public void Forget(Library library)
    {
        _reachable.Set(library.Callbacks, LuaValue.Nil);
        Script.ForgetGarbage();
    }

    public void Dispose() => Script.Dispose();

    private string? Run(int limitMs)
    {
        long startedUs = _clock.MonotonicUs;
        RunStatus status;
        while ((status = Lua.Run(SliceSize)) == RunStatus.Suspended)
        {
            if (limitMs > 0 && _clock.MonotonicUs - startedUs > limitMs * 1000L)
            {
                return "Error registering functions: ERR FUNCTION LOAD timeout";
            }
        }
        return status == RunStatus.Failed ? "Error registering functions: " + ErrorText(Lua.Error) : null;
    }

    private string ErrorText(LuaValue error) =>
        error.Object is LuaTable table
            ? HostArguments.TryString(Lua.Memory, table.Get(Script.Words.Err))?.ToString() ?? "ERR unknown error"
            : $"ERR {error}";

    /// <summary>Puts globals behind the empty table that libraries see.</summary>
    private void Show(LuaTable globals)
    {
        LuaTable metatable = _environment.Metatable!;
        metatable.IsReadOnly = false;
        metatable.Set(_indexName, globals);
        metatable.IsReadOnly = true;
    }

    private LuaTable NewGlobalsWhileLoading()
    {
        LuaString redisName = Lua.Strings.Get("redis");
        var redis = (LuaTable)Lua.Globals.Get(redisName).Object!;
        LuaTable reduced = Lua.Memory.NewTable();
        foreach (string name in s_whileLoading)
        {
            LuaString key = Lua.Strings.Get(name);
            reduced.Set(key, redis.Get(key));
        }
        Lua.Register(reduced, "register_function", _registration.Register);
        LuaTable globals = Lua.Memory.NewTable();
        globals.Set(redisName, reduced);
        LuaTable server = RedisLibrary.AddServer(Lua, globals, reduced);
        foreach (LuaTable table in (ReadOnlySpan<LuaTable>)[reduced, server, globals])
        {
            table.Metatable = Lua.Memory.NewTable();
            table.Metatable.Set(_indexName, Lua.Globals.Metatable!.Get(_indexName));
            table.Metatable.IsReadOnly = true;
            table.IsReadOnly = true;
        }
        return globals;
    }
}
