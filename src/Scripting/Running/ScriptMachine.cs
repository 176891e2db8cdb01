using Bixbite.Engine.Execution;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Scripting.Conversions;
using Bixbite.Scripting.Sandbox;

namespace Bixbite.Scripting.Running;

/// <summary>
/// A Lua machine as a sandbox with the functions of <c>redis</c>, and what is needed to run something in it for a client. Scripts share
/// one; functions have another.
/// </summary>
internal sealed class ScriptMachine : IDisposable
{
    /// <summary>Bytes of garbage that are not looked for.</summary>
    private const long GarbageSizeMax = 64 * 1024;

    /// <summary>No source is longer, in bytes: it is compiled in one step, and others wait meanwhile.</summary>
    public const int SourceSizeMax = 4 << 20;

    /// <summary>
    /// Bytes that the values of a machine may take, whatever the settings say: half of what the system, or the container, has for the
    /// process, which is to live on.
    /// </summary>
    public static readonly long BytesMax = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    private readonly ScriptGarbage _garbage;
    private readonly LuaString _keysName;
    private readonly LuaString _argvName;
    private long _reachableBytes;
    private long _reclaimedBytes;

    /// <param name="tools">Shared with other machines.</param>
    /// <param name="addHost">Adds to the globals and to the table <c>redis</c>, or takes out of it, before all is read-only.</param>
    public ScriptMachine(ScriptTools tools, Action<ScriptMachine, LuaTable>? addHost = null)
    {
        _garbage = tools.Garbage;
        SandboxedMachine.Open(Lua, tools.Random);
        Words = new ScriptWords(Lua.Strings);
        Calls = new ScriptCalls(tools.Requests, Words, tools.Heap);
        Results = new LuaToReply(Words);
        _keysName = Lua.Strings.Get("KEYS");
        _argvName = Lua.Strings.Get("ARGV");
        LuaTable redis = new RedisLibrary(Calls, Words, tools.Log).Open(Lua);
        addHost?.Invoke(this, redis);
        RedisLibrary.AddServer(Lua, Lua.Globals, redis);
        SandboxedMachine.Protect(Lua);
        Lua.Memory.Limit = BytesMax;
        Lua.SourceSizeMax = SourceSizeMax;
    }

    public LuaMachine Lua { get; } = new();

    public ScriptWords Words { get; }

    public ScriptCalls Calls { get; }

    public LuaToReply Results { get; }

    /// <summary>Bytes that its scripts hold.</summary>
    public long Bytes => Lua.Memory.Used;

    /// <summary>The arguments of a command as a list.</summary>
    public LuaTable NewList(CommandContext context, int first, int end)
    {
        LuaTable list = Lua.Memory.NewTable(end - first);
        for (int i = first; i < end; i++)
        {
            list.Set(i - first + 1, Lua.Memory.NewString(context[i]));
        }
        return list;
    }

    /// <summary>Makes lists of keys and of other arguments the globals of a script.</summary>
    public void SetArguments(LuaValue keys, LuaValue arguments)
    {
        SetGlobal(_keysName, keys);
        SetGlobal(_argvName, arguments);
    }

    /// <summary>Something is about to run.</summary>
    /// <param name="memoryMax">Bytes that it may take; 0 is no limit but <see cref="BytesMax"/>.</param>
    /// <param name="isLimitedAlways">Also once it has written.</param>
    public void Begin(long memoryMax, bool isLimitedAlways)
    {
        Calls.ProtocolVersion = 2;
        Calls.LiftsLimit = memoryMax > 0 && !isLimitedAlways;

        // When the limit is reached a measurement is to leave a sixteenth of it free.
        Lua.Memory.Limit = memoryMax > 0 && memoryMax < BytesMax ? Math.Min(BytesMax, (Lua.Memory.Used + memoryMax) / 15 * 16) : BytesMax;
    }

    /// <summary>It has run, and its result is not needed any more. Nothing is left of it.</summary>
    public void End()
    {
        Lua.Stop();
        Lua.Memory.Limit = BytesMax;
        SetArguments(LuaValue.Nil, LuaValue.Nil);
        LimitGarbage();
    }

    /// <summary>Garbage counts as memory until it is told from what can be reached.</summary>
    public void LimitGarbage()
    {
        long used = Lua.Memory.Used;
        if (used - _reachableBytes > Math.Max(GarbageSizeMax, _reachableBytes))
        {
            ForgetGarbage();
        }
    }

    /// <summary>From now on what nobody can reach does not count.</summary>
    public void ForgetGarbage()
    {
        Lua.Memory.Measure();
        _reachableBytes = Lua.Memory.Used;
        _garbage.Note(Lua.Memory.ReclaimedBytes - _reclaimedBytes);
        _reclaimedBytes = Lua.Memory.ReclaimedBytes;
    }

    /// <summary>Nothing of it is used any more.</summary>
    public void Dispose()
    {
        _garbage.Note(Lua.Memory.Used + Lua.Memory.ReclaimedBytes - _reclaimedBytes);
        Calls.Dispose();
    }

    /// <summary>The globals are read-only for scripts alone.</summary>
    private void SetGlobal(LuaString name, LuaValue value)
    {
        Lua.Globals.IsReadOnly = false;
        Lua.Globals.Set(name, value);
        Lua.Globals.IsReadOnly = true;
    }
}
