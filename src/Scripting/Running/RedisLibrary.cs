using System.Text;
using Bixbite.Engine.Propagation;
using Bixbite.Logging;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Scripting.Conversions;
using Bixbite.Scripting.Scripts;

namespace Bixbite.Scripting.Running;

/// <summary>The functions of <c>redis</c> beside the calls of commands, with Redis' texts.</summary>
internal sealed class RedisLibrary(ScriptCalls calls, ScriptWords words, ServerLog log)
{
    private const int VersionNumber = 0x0007_000F;

    private static readonly (string Name, LogLevel Level)[] s_levels =
    [
        ("LOG_DEBUG", LogLevel.Debug), ("LOG_VERBOSE", LogLevel.Verbose), ("LOG_NOTICE", LogLevel.Notice),
        ("LOG_WARNING", LogLevel.Warning),
    ];

    /// <summary>Makes the table and puts it among the globals.</summary>
    public LuaTable Open(LuaMachine machine)
    {
        LuaTable redis = machine.Memory.NewTable();
        machine.Globals.Set(machine.Strings.Get("redis"), redis);
        calls.Add(machine, redis);
        machine.Register(redis, "error_reply", ErrorReply);
        machine.Register(redis, "status_reply", StatusReply);
        machine.Register(redis, "sha1hex", Sha1Hex);
        machine.Register(redis, "log", Log);
        machine.Register(redis, "setresp", SetResp);
        machine.Register(redis, "set_repl", SetRepl);
        machine.Register(redis, "replicate_commands", static (in HostCall call) => call.Return(true));
        machine.Register(redis, "breakpoint", Breakpoint);
        machine.Register(redis, "debug", Debug);
        for (int i = 0; i < s_levels.Length; i++)
        {
            Set(machine, redis, s_levels[i].Name, i);
        }
        Set(machine, redis, "REPL_NONE", 0);
        Set(machine, redis, "REPL_AOF", (int)PropagationTargets.Log);
        Set(machine, redis, "REPL_SLAVE", 2);
        Set(machine, redis, "REPL_REPLICA", 2);
        Set(machine, redis, "REPL_ALL", 3);
        Set(machine, redis, "REDIS_VERSION", LuaString.Of("7.0.15"));
        Set(machine, redis, "REDIS_VERSION_NUM", VersionNumber);
        return redis;
    }

    /// <summary>Puts the same among globals by the name that scripts for Valkey use, with the field that Redis does not have.</summary>
    public static LuaTable AddServer(LuaMachine machine, LuaTable globals, LuaTable redis)
    {
        LuaTable server = machine.Memory.NewTable();
        LuaValue key = LuaValue.Nil;
        while (redis.Next(ref key, out LuaValue value))
        {
            server.Set(key, value);
        }
        Set(machine, server, "SERVER_NAME", LuaString.Of("bixbite"));
        globals.Set(machine.Strings.Get("server"), server);
        return server;
    }

    private static void Set(LuaMachine machine, LuaTable redis, string name, LuaValue value) => redis.Set(machine.Strings.Get(name), value);

    private LuaTable NewError(in HostCall call, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        calls.Tell(bytes);
        return words.NewError(call.Memory, bytes);
    }

    private HostStep Fail(in HostCall call, string text) => call.Fail(NewError(call, "ERR " + text));

    private HostStep Breakpoint(in HostCall call)
    {
        calls.Watch?.Break();
        return call.Return(calls.Watch is not null);
    }

    private HostStep Debug(in HostCall call)
    {
        calls.Watch?.Show(call);
        return call.Return();
    }

    /// <summary>A text that begins with "-" has its code; a word alone gets one.</summary>
    private HostStep ErrorReply(in HostCall call)
    {
        if (call.Count != 1 || call[0].Object is not LuaString text)
        {
            return call.Return(NewError(call, "ERR wrong number or type of arguments"));
        }
        if (calls.Watch is { IsListening: true } watch)
        {
            watch.Failed(text.Span is [(byte)'-', ..] ? text.Span : [(byte)'-', .. text.Span]);
        }
        ReadOnlySpan<byte> message = text.Span is [(byte)'-', .. var rest] ? rest : text.Span;
        if (message.IndexOf((byte)' ') < 0)
        {
            message = (byte[])[.. "ERR "u8, .. message];
        }
        return call.Return(words.NewError(call.Memory, message));
    }

    private HostStep StatusReply(in HostCall call) =>
        call.Count == 1 && call[0].Object is LuaString text
            ? call.Return(ScriptWords.NewReply(call.Memory, words.Ok, text))
            : call.Return(NewError(call, "ERR wrong number or type of arguments"));

    private HostStep Sha1Hex(in HostCall call)
    {
        if (call.Count != 1)
        {
            return Fail(call, "wrong number of arguments");
        }
        ReadOnlySpan<byte> text = HostArguments.TryString(call.Memory, call[0]) is { } given ? given.Span : default;
        Span<byte> digest = stackalloc byte[Script.Sha1Size];
        ScriptCache.WriteDigest(text, digest);
        call.Spend(text.Length >> 3);
        return call.Return(call.Memory.NewString(digest));
    }

    private HostStep Log(in HostCall call)
    {
        if (call.Count < 2)
        {
            return Fail(call, "redis.log() requires two arguments or more.");
        }
        if (!HostArguments.TryNumber(call[0], out double level))
        {
            return Fail(call, "First argument must be a number (log level).");
        }
        if (level is < 0 or >= 4)
        {
            return Fail(call, "Invalid debug level.");
        }
        var texts = new List<string>();
        for (int i = 1; i < call.Count; i++)
        {
            if (HostArguments.TryString(call.Memory, call[i]) is { } text)
            {
                texts.Add(text.ToString());
            }
        }
        log.Write(s_levels[(int)level].Level, string.Join(' ', texts));
        return call.Return();
    }

    private HostStep SetResp(in HostCall call)
    {
        if (call.Count != 1)
        {
            return Fail(call, "redis.setresp() requires one argument.");
        }
        HostArguments.TryNumber(call[0], out double version);
        if (version is not (2 or 3))
        {
            return Fail(call, "RESP version must be 2 or 3.");
        }
        calls.ProtocolVersion = (int)version;
        return call.Return();
    }

    private HostStep SetRepl(in HostCall call)
    {
        if (call.Count != 1)
        {
            return Fail(call, "redis.set_repl() requires two arguments.");
        }
        HostArguments.TryNumber(call[0], out double targets);
        if (targets is not (>= 0 and < 4))
        {
            return Fail(call, "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.");
        }
        calls.Targets = (PropagationTargets)(int)targets;
        return call.Return();
    }
}
