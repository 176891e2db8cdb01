using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Protocol;
using Bixbite.Scripting.Running;
using Bixbite.Scripting.Scripts;

namespace Bixbite.Scripting.Debugging;

/// <summary>
/// Lets clients debug their scripts (SCRIPT DEBUG). From EVAL to its reply the client's connection carries the debugger's commands, and it
/// is closed after the reply.
/// <code>
///   SYNC   the script is a command that takes long from its first line on: others are told that the server is busy; what it changes stays
///   YES    the script runs on copies of keys (Rehearsal), in a machine of its own, between the commands of others; nothing stays
/// </code>
/// </summary>
public sealed class ScriptDebugger : ISessionPart
{
    /// <summary>Scripts that may be debugged on copies at once.</summary>
    private const int RunsMax = 64;

    private const long SliceUs = 2000;

    private readonly DebuggerParts _parts;
    private readonly ScriptService _scripts;
    private readonly LongCommand _long;
    private readonly CronAlarm _alarm;
    private readonly SessionSlot<DebugMode> _slot;
    private readonly List<DebugRun> _runs = [];
    private ScriptMachine? _syncMachine;

    internal ScriptDebugger(DebuggerParts parts, ScriptService scripts, LongCommand command, CronAlarm alarm, SessionSlot<DebugMode> slot)
    {
        _parts = parts;
        _scripts = scripts;
        _long = command;
        _alarm = alarm;
        _slot = slot;
    }

    /// <summary>Bytes that scripts which are debugged hold in their machines.</summary>
    public long MachineBytes => _runs.Sum(static run => run.Machine.Bytes) + (_syncMachine?.Bytes ?? 0);

    /// <summary>The client's next scripts are debugged.</summary>
    public void Enable(Session session, bool isSync) => _slot.Put(session, new DebugMode(isSync));

    /// <summary>The client's next scripts run as ever.</summary>
    public void Disable(Session session) => _slot.Put(session, null);

    /// <summary>Whether the client debugs its scripts.</summary>
    public bool IsEnabled(Session session) => _slot.Of(session) is not null;

    /// <summary>
    /// Begins to debug the script of the context's EVAL: so many arguments from a position on are keys. Where that fails it is answered.
    /// </summary>
    public void Run(CommandContext context, int firstKey, int keyCount, bool isReadOnly)
    {
        DebugMode mode = _slot.Of(context.Session)!;
        if (!context.Origin.MayBlock)
        {
            context.Reply.Error(ErrorText.DebugInTransaction);
            return;
        }
        if (!mode.IsSync && _runs.Count >= RunsMax)
        {
            context.Reply.Error(ErrorText.DebugTooMany);
            return;
        }
        DebugRun? run = mode.IsSync ? null : new DebugRun(_parts, context.Session);
        ScriptMachine machine = run?.Machine ?? new ScriptMachine(_parts.Tools);
        if (Load(context, machine, mode.IsSync) is { } script)
        {
            var session = new DebugSession(
                context.Session, machine, context[1], script.Function, () => _alarm.RingWithin(0));
            var task = new ScriptTask(machine, script.Function, script.Digest)
            {
                Flags = script.Flags, IsReadOnly = isReadOnly, FirstKey = firstKey, KeyCount = keyCount, Watch = session,
            };
            if (run is null ? TryBeginSync(context, task) : TryBegin(run, context, task))
            {
                mode.Session = session;
                context.Session.Input = session;
                return;
            }
        }
        run?.Dispose();
        if (run is null)
        {
            machine.Dispose();
        }
    }

    /// <summary>
    /// Ends the connection of a script that is not debugged after all: the error that was answered follows the debugger's last word.
    /// </summary>
    public void EndUnlessBegun(CommandContext context)
    {
        ReplyWriter reply = context.Reply;
        if (context.Session.Input is not null || !context.Origin.MayBlock)
        {
            return;
        }
        byte[] error = reply.LastError.ToArray();
        reply.Drop();
        reply.Array(1);
        reply.Simple("<endsession>"u8);
        reply.Error(error);
        context.Session.Close();
    }

    /// <summary>Goes on with the scripts that are debugged on copies; returns the milliseconds until it wants to be called again.</summary>
    internal long RunSlices()
    {
        bool isLeft = false;
        foreach (DebugRun run in _runs.ToArray())
        {
            if (run.IsResting)
            {
                continue;
            }
            if (run.GoOn(CronTask.SliceOf(_parts.Clock, SliceUs)))
            {
                Close(run.Session);
                Forget(run);
            }
            else
            {
                isLeft |= !run.IsResting;
            }
        }
        return isLeft ? 0 : CronTask.Never;
    }

    /// <summary>Its next script is debugged also after RESET.</summary>
    void ISessionPart.Reset(Session session)
    {
    }

    /// <summary>A script that is debugged for good goes on without its client; one on copies is dropped.</summary>
    void ISessionPart.End(Session session)
    {
        DebugMode? mode = _slot.Of(session);
        session.Input = null;
        if (mode?.Run is { } run)
        {
            Forget(run);
        }
        else
        {
            mode?.Session?.Detach();
        }
        _slot.Put(session, null);
    }

    private static void Close(Session session)
    {
        session.Input = null;
        session.Close();
    }

    /// <summary>The script of EVAL in the machine that runs it; null if it is none, which is answered.</summary>
    private Script? Load(CommandContext context, ScriptMachine machine, bool isKept)
    {
        if (isKept && _scripts.Load(context, context[1], isForGood: false) is null)
        {
            return null;
        }
        Script? script = new ScriptCache(machine.Lua).Load(context[1], isForGood: true, out string error);
        if (script is null)
        {
            ErrorText.Problem(context.Reply, error);
        }
        return script;
    }

    private bool TryBeginSync(CommandContext context, ScriptTask task)
    {
        Session session = context.Session;
        _parts.Runner.Run(context, task);
        if (_parts.Runner.Running != task)
        {
            return false;
        }
        session.Set(SessionFlags.Blocked, false);
        _syncMachine = task.Machine;
        _parts.Tools.Log.Write(LogLevel.Notice, "A script is debugged, and all others wait");
        _long.WhenOver(() =>
        {
            _syncMachine = null;
            task.Machine.Dispose();
            Close(session);
        });
        return true;
    }

    private bool TryBegin(DebugRun run, CommandContext context, ScriptTask task)
    {
        if (!run.TryBegin(_parts, context, task))
        {
            return false;
        }
        _slot.Of(context.Session)!.Run = run;
        _runs.Add(run);
        _alarm.RingWithin(0);
        return true;
    }

    private void Forget(DebugRun run)
    {
        if (_runs.Remove(run))
        {
            run.Dispose();
        }
    }
}
