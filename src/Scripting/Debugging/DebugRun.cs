using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Scripting.Running;

namespace Bixbite.Scripting.Debugging;

/// <summary>
/// A script that is debugged on copies of keys: its own machine, its own way to call commands, and a command that goes on beside those of
/// all others. It owns all of that, and nothing is left when it is disposed.
/// </summary>
internal sealed class DebugRun : IDisposable
{
    private const int ReplySizeInitial = 64;

    private readonly Rehearsal _rehearsal;
    private readonly NativeBuffer _replies;
    private readonly ScriptRunner _runner;
    private readonly CommandTime _time;
    private readonly long _unixMs;
    private readonly long _steadyUs;
    private SideCommand? _command;

    public DebugRun(DebuggerParts parts, Session session)
    {
        _time = parts.Time;
        _unixMs = _time.UnixMs;
        _steadyUs = _time.SteadyUs;
        Session = session;
        _rehearsal = new Rehearsal(parts.Rehearsal);
        _replies = new NativeBuffer(parts.Tools.Heap, ReplySizeInitial);
        ScriptRequests requests = parts.CreateRequests(parts.Contexts.Create(new ReplyWriter(_replies)), _rehearsal);
        Machine = new ScriptMachine(new ScriptTools(requests, parts.Tools.Log, parts.Tools.Heap, parts.Tools.Garbage));
        _runner = new ScriptRunner(requests, parts.Settings, parts.Tools.Log, parts.Clock);
    }

    public Session Session { get; }

    public ScriptMachine Machine { get; }

    /// <summary>It waits for its client.</summary>
    public bool IsResting => _runner.IsResting;

    /// <summary>
    /// Begins to run the script for the context's command; false if what the script says of itself forbids it, which is answered.
    /// </summary>
    public bool TryBegin(DebuggerParts parts, CommandContext context, ScriptTask task)
    {
        if (!_runner.TryBegin(context, task))
        {
            return false;
        }
        _command = new SideCommand(parts.Contexts, context, parts.Tools.Heap);
        return true;
    }

    /// <summary>
    /// Goes on for a slice; true if the script is over, and its client has the reply. The script sees the time of its beginning.
    /// </summary>
    public bool GoOn(Func<bool> isSliceOver)
    {
        long unixMs = _time.UnixMs;
        long steadyUs = _time.SteadyUs;
        _time.Set(_unixMs, _steadyUs);
        bool isOver = _runner.GoOn(_command!.Context, isSliceOver);
        _time.Set(unixMs, steadyUs);
        if (isOver)
        {
            _command.SendReply();
        }
        return isOver;
    }

    public void Dispose()
    {
        _command?.Dispose();
        Machine.Dispose();
        _replies.Dispose();
        _rehearsal.Dispose();
    }
}
