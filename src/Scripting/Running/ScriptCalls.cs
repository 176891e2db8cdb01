using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Requests;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Scripting.Conversions;

namespace Bixbite.Scripting.Running;

/// <summary><c>redis.call</c> and <c>redis.pcall</c>: the way from a script's values to a command and back.</summary>
internal sealed class ScriptCalls : IDisposable
{
    /// <summary>More of a reply's buffer is given back, in bytes.</summary>
    private const int ReplySizeKept = 64 * 1024;

    private readonly ScriptRequests _requests;
    private readonly CallArguments _arguments;
    private readonly KnownCommands _commands = new();
    private readonly ScriptWords _words;

    public ScriptCalls(ScriptRequests requests, ScriptWords words, Heap heap)
    {
        _requests = requests;
        _words = words;
        _arguments = new CallArguments(heap);
    }

    /// <summary>2 or 3: how replies come to the running script.</summary>
    public int ProtocolVersion { get; set; } = 2;

    /// <summary>Watches what runs; null nearly always.</summary>
    public IRunWatch? Watch { get; set; }

    /// <summary>The running script is not stopped for its memory once it has written.</summary>
    public bool LiftsLimit { get; set; }

    /// <summary>Who is told of the changes of the commands that follow.</summary>
    public PropagationTargets Targets
    {
        set => _requests.Targets = value;
    }

    public void Add(LuaMachine machine, LuaTable redis)
    {
        machine.Register(redis, "call", Call);
        machine.Register(redis, "pcall", PCall);
        machine.Register(redis, "acl_check_cmd", CheckAccess);
    }

    public void Dispose() => _arguments.Dispose();

    /// <summary>Whether the script's client may call a command with these arguments, or what is wrong with them.</summary>
    public HostStep CheckAccess(in HostCall call)
    {
        if (call.Count == 0)
        {
            return call.Fail(_words.NewError(call.Memory, ErrorText.ScriptCallEmpty));
        }
        if (!_arguments.TryRead(call.Arguments))
        {
            return call.Fail(_words.NewError(call.Memory, ErrorText.ScriptCallArgument));
        }
        return _requests.MayRun(_arguments.Batch) is { } may
            ? call.Return(may)
            : call.Fail(_words.NewError(call.Memory, ErrorText.ScriptAccessCommand));
    }

    /// <summary>An error of this call's own.</summary>
    private LuaTable NewError(in HostCall call, ReadOnlySpan<byte> text)
    {
        Tell(text);
        return _words.NewError(call.Memory, text);
    }

    /// <summary>Tells whoever watches of an error; its code is only told where it is not the usual one.</summary>
    public void Tell(ReadOnlySpan<byte> error)
    {
        if (Watch is { IsListening: true } watch)
        {
            watch.Failed(error.StartsWith("ERR "u8) ? error[4..] : [(byte)'-', .. error]);
        }
    }

    private void RunWatched(IRunWatch watch)
    {
        watch.Called(_arguments.Batch.Arguments(0));
        _requests.Reply.KeepsNumber = false;
        bool hasRun = _requests.Run(_arguments.Batch, ProtocolVersion);
        if (!_requests.IsWaiting)
        {
            TellAnswer(watch, hasRun);
        }
    }

    private void TellAnswer(IRunWatch watch, bool hasRun)
    {
        ReadOnlySpan<byte> reply = _requests.Reply.Buffer.Written(0);
        if (_requests.Reply.IsOverflown)
        {
            return;
        }
        if (reply[0] == '-')
        {
            ReadOnlySpan<byte> line = reply[..reply.IndexOf((byte)'\r')];
            watch.Failed(!hasRun && line.StartsWith("-ERR "u8) ? line[5..] : line);
        }
        if (hasRun)
        {
            watch.Answered(reply);
        }
    }

    private void RunUnwatched(LuaString? name)
    {
        Command? known = name is null ? null : _commands.Find(name);
        _requests.Reply.KeepsNumber = true;
        _requests.Run(_arguments.Batch, ProtocolVersion, known);
        if (known is null && name is not null && _requests.Latest is { } command)
        {
            _commands.Keep(name, command);
        }
    }

    private HostStep Call(in HostCall call) => Run(call, isProtected: false);

    private HostStep PCall(in HostCall call) => Run(call, isProtected: true);

    private HostStep Run(in HostCall call, bool isProtected)
    {
        if (call.Count == 0)
        {
            return End(call, NewError(call, ErrorText.ScriptCallEmpty), isError: true, isProtected);
        }
        if (!_arguments.TryRead(call.Arguments))
        {
            return End(call, NewError(call, ErrorText.ScriptCallArgument), isError: true, isProtected);
        }
        if (Watch is { IsListening: true } watch)
        {
            RunWatched(watch);
        }
        else
        {
            RunUnwatched(call[0].Object as LuaString);
        }
        return _requests.IsWaiting ? call.Pause(new WaitingCall(this, isProtected)) : Answer(call, isProtected);
    }

    /// <summary>Ends a call whose command is over.</summary>
    private HostStep Answer(in HostCall call, bool isProtected)
    {
        if (LiftsLimit && _requests.HasWritten)
        {
            call.Memory.Limit = ScriptMachine.BytesMax;
        }
        ReplyWriter reply = _requests.Reply;
        if (reply.IsNumber)
        {
            call.Spend(1);
            return call.Return(reply.Number);
        }
        if (reply.IsOverflown)
        {
            return End(call, _words.NewError(call.Memory, ErrorText.ScriptCallReplyTooLarge), isError: true, isProtected);
        }
        ReadOnlySpan<byte> bytes = reply.Buffer.Written(0);
        bool isError = bytes[0] == '-';
        var reader = new ReplyToLua(call.Memory, _words, bytes);
        LuaValue value = reader.Read();
        call.Spend(1 + (bytes.Length >> 4));
        reply.Buffer.Truncate(0);
        reply.Buffer.Shrink(ReplySizeKept);
        return End(call, value, isError, isProtected);
    }

    private static HostStep End(in HostCall call, LuaValue value, bool isError, bool isProtected) =>
        isError && !isProtected ? call.Fail(value) : call.Return(value);

    /// <summary>A call whose command waits; the script goes on when that is over.</summary>
    private sealed class WaitingCall(ScriptCalls calls, bool isProtected) : HostTask
    {
        public override HostStep Resume(in HostCall call)
        {
            if (calls._requests.IsWaiting)
            {
                return call.Pause(this);
            }
            if (calls.Watch is { IsListening: true } watch)
            {
                calls.TellAnswer(watch, hasRun: true);
            }
            return calls.Answer(call, isProtected);
        }
    }
}
