using System.Globalization;
using System.Text;
using Bixbite.Engine.Sessions;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Protocol;
using Bixbite.Scripting.Running;

namespace Bixbite.Scripting.Debugging;

/// <summary>
/// A run that its client debugs: where it stands still, and the commands by which it goes on. Those that only look are carried out at
/// once; those that run code (eval, redis) run it beside the script, in slices as well.
/// <code>
///   LineTracer ── Reached: a line ──┬ goes on
///                                   └ stands still: "* Stopped at ..." ── Received ── Proceed: list, print, eval ... ── step, continue
/// </code>
/// </summary>
internal sealed class DebugSession : IRunWatch, ISessionInput
{
    /// <summary>Instructions of code beside the script between two looks at the clock.</summary>
    private const long FuelCount = 50_000;

    private readonly ScriptMachine _machine;
    private readonly LineTracer _tracer;
    private readonly DebugLog _log;
    private readonly DebugSource _source;
    private readonly DebugInput _input = new();
    private readonly DebugView _view;
    private readonly Action _wake;
    private bool _isStepping = true;
    private bool _isBreakWanted;
    private bool _isDetached;
    private bool _isOverdue;

    /// <summary>The code beside the script shows its result; a command of Redis has shown its own.</summary>
    private bool _showsResult;

    /// <param name="session">The client.</param>
    /// <param name="machine">Runs the script.</param>
    /// <param name="source">The script's text.</param>
    /// <param name="function">The script.</param>
    /// <param name="wake">Has the run go on soon.</param>
    public DebugSession(Session session, ScriptMachine machine, ReadOnlySpan<byte> source, LuaFunction function, Action wake)
    {
        _machine = machine;
        _wake = wake;
        _log = new DebugLog(session);
        _source = new DebugSource(source, _log);
        _tracer = new LineTracer(machine.Lua, Reached);
        _tracer.Trace(function);
        _view = new DebugView(_tracer, machine.Lua, _source, _log);
        machine.Calls.Watch = this;
    }

    public bool IsListening => _isStepping && !_isDetached;

    public bool IsStanding => _tracer.IsStopped || IsAside;

    public bool IsResting => _tracer.IsStopped && _input.IsIdle && !_isDetached;

    private LuaMachine Lua => _machine.Lua;

    private bool IsAside => _tracer.IsAside;

    public void Received(ReadOnlySpan<byte> bytes)
    {
        _input.Add(bytes);
        _wake();
    }

    public void Called(ReadOnlySpan<Argument> arguments) => _view.ShowCommand(arguments);

    public void Answered(ReadOnlySpan<byte> reply) => _view.ShowReply(reply);

    public void Failed(ReadOnlySpan<byte> text) => _log.Add([.. "<error> "u8, .. text]);

    public void Break() => _isBreakWanted = true;

    public void Show(in HostCall call) => _view.ShowValues(call.Arguments);

    public void Detach()
    {
        _isDetached = true;
        _isStepping = false;
        _source.RemoveBreakpoints();
        _wake();
    }

    public void Over()
    {
        _log.Add("<endsession>"u8);
        _log.Send();
    }

    public bool Proceed(bool isOverdue, Func<bool> isSliceOver)
    {
        _isOverdue |= isOverdue && !_isStepping;
        while (IsStanding)
        {
            if (_isDetached)
            {
                LeaveStop();
            }
            else if (IsAside)
            {
                if (!RunAside(isSliceOver))
                {
                    return false;
                }
            }
            else if (_input.Read(out string? problem) is { } words)
            {
                CarryOut(words);
            }
            else if (problem is not null)
            {
                Raise(problem);
            }
            else
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>A line of the script is about to run; true if it is to wait.</summary>
    private bool Reached(int line, bool isNew)
    {
        if (IsAside || (!isNew && !_isOverdue))
        {
            return false;
        }
        _source.CurrentLine = line;
        bool isBreak = _source.IsBreakpoint(line) || _isBreakWanted;
        if (!_isStepping && !isBreak && !_isOverdue)
        {
            return false;
        }
        if (_isDetached)
        {
            _isBreakWanted = false;
            return _isOverdue;
        }
        string reason = _isBreakWanted ? "redis.breakpoint() called"
            : isBreak ? "break point"
            : _isOverdue ? "timeout reached, infinite loop?"
            : "step over";
        _isStepping = false;
        _isBreakWanted = false;
        _isOverdue = false;
        _log.Add(string.Create(CultureInfo.InvariantCulture, $"* Stopped at {line}, stop reason = {reason}"));
        _source.Show(line);
        _log.Send();
        return true;
    }

    /// <summary>Nobody says how to go on: the script does by itself, unless it takes too long.</summary>
    private void LeaveStop()
    {
        if (IsAside)
        {
            _tracer.EndAside();
        }
        if (_isOverdue)
        {
            _isOverdue = false;
            Raise("timeout during Lua debugging with client closing connection");
        }
        else
        {
            _tracer.GoOn();
        }
    }

    private void Raise(string error) => _tracer.Raise(_machine.Words.NewError(Lua.Memory, Encoding.ASCII.GetBytes("ERR " + error)));

    private void CarryOut(List<byte[]> words)
    {
        ReadOnlySpan<byte[]> arguments = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(words)[1..];
        switch (Encoding.Latin1.GetString(words[0]).ToLowerInvariant())
        {
            case "s" or "step" or "n" or "next":
                _isStepping = true;
                _tracer.GoOn();
                return;
            case "c" or "continue":
                _tracer.GoOn();
                return;
            case "a" or "abort":
                Raise("script aborted for user request");
                return;
            case "e" or "eval":
                BeginEval(arguments);
                return;
            case "r" or "redis" or "v" or "valkey" or "server" when arguments.Length > 0:
                BeginCommand(arguments);
                return;
            case "m" or "maxlen":
                _view.Limit(arguments);
                break;
            case "b" or "break":
                _view.Break(arguments);
                break;
            case "t" or "trace":
                _view.ShowCalls();
                break;
            case "p" or "print":
                _view.Print(arguments);
                break;
            case "l" or "list":
                _view.List(arguments);
                break;
            case "w" or "whole":
                _source.ShowAround(1, int.MaxValue);
                break;
            case "h" or "help":
                _view.Help();
                break;
            default:
                _log.Add("<error> Unknown Redis Lua debugger command or wrong number of arguments."u8);
                break;
        }
        _log.Send();
    }

    /// <summary>Runs code, as an expression if it is one.</summary>
    private void BeginEval(ReadOnlySpan<byte[]> words)
    {
        byte[] code = [];
        foreach (byte[] word in words)
        {
            code = code.Length == 0 ? word : [.. code, (byte)' ', .. word];
        }
        string problem = "";
        LuaFunction? function = Compile([.. "return "u8, .. code], out _) ?? Compile(code, out problem);
        if (function is null)
        {
            _log.Add("<error> " + problem);
            _log.Send();
            return;
        }
        _showsResult = true;
        _tracer.BeginAside(function);
    }

    /// <summary>Has the script's own function call a command, and shows what happens.</summary>
    private void BeginCommand(ReadOnlySpan<byte[]> words)
    {
        var redis = (LuaTable)Lua.Globals.Get(Lua.Strings.Get("redis")).Object!;
        var arguments = new LuaValue[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            arguments[i] = Lua.Memory.NewString(words[i].AsSpan());
        }
        _showsResult = false;
        _isStepping = true;
        _tracer.BeginAside((LuaFunction)redis.Get(Lua.Strings.Get("call")).Object!, arguments);
    }

    private LuaFunction? Compile(byte[] code, out string problem)
    {
        problem = "";
        try
        {
            return Lua.Load(code, LuaString.Of("@ldb_eval"));
        }
        catch (LuaException exception)
        {
            problem = exception.Value.ToString();
            return null;
        }
    }

    /// <summary>Goes on with what runs beside the script; false if the slice is over before it is.</summary>
    private bool RunAside(Func<bool> isSliceOver)
    {
        RunStatus status;
        while ((status = Lua.Run(FuelCount)) == RunStatus.Suspended)
        {
            if (isSliceOver())
            {
                return false;
            }
        }
        if (_showsResult && status == RunStatus.Failed)
        {
            _log.Add("<error> " + _view.TextOf(Lua.Error));
        }
        else if (_showsResult)
        {
            _view.ShowValue("<retval> "u8, Lua.Results.IsEmpty ? LuaValue.Nil : Lua.Results[0]);
        }
        _tracer.EndAside();
        _isStepping = false;
        _log.Send();
        return true;
    }
}
