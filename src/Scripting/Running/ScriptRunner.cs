using System.Globalization;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Logging;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Scripting.Scripts;

namespace Bixbite.Scripting.Running;

/// <summary>
/// Runs scripts and functions for their clients, one at a time: arguments, the run, the reply. A server has one runner, whatever machines
/// there are.
/// <code>
///   Run ── LuaMachine.Run, again and again ──┬ over ── the reply
///                                            └ busy-reply-threshold ── CommandContext.Suspend ── LongScript: GoOn ... ── the reply
///                                              or a command waits
/// </code>
/// </summary>
internal sealed class ScriptRunner(ScriptRequests requests, ScriptingSettings settings, ServerLog log, IClock clock)
{
    /// <summary>Instructions between two looks at the clock.</summary>
    private const long FuelCount = 50_000;

    /// <summary>A run that is watched takes long from here on where no setting says it, in milliseconds.</summary>
    private const long WatchThresholdMs = 5000;

    private long _beganUs;
    private string? _stopReason;
    private bool _isSlow;
    private RunStatus _status;
    private bool _isErrorCounted;

    /// <summary>The task that runs now, in slices or not; null if none does.</summary>
    public ScriptTask? Running { get; private set; }

    /// <summary>The run waits for its client, or a command of it waits, and it wants no slices.</summary>
    public bool IsResting => requests.IsWaiting ? requests.IsResting : _stopReason is null && Running is { Watch.IsResting: true };

    /// <summary>It does not take long yet by itself: a command waits that it has called, or has waited.</summary>
    public bool HoldsOthers => requests.IsWaiting || (!_isSlow && Running is { Watch: null });

    /// <summary>Milliseconds since it began, or since it stood still.</summary>
    public long RunningMs => (clock.MonotonicUs - _beganUs) / 1000;

    /// <summary>
    /// Runs something in the context of its command, unless what it says of itself forbids it now. The reply is written, or the command is
    /// suspended.
    /// </summary>
    public void Run(CommandContext context, ScriptTask task)
    {
        context.Effects.Suppress();
        if (!TryBegin(context, task))
        {
            return;
        }
        if (task.Watch is not null)
        {
            context.Suspend(new LongScript(this, task, context.Session));
            return;
        }
        long thresholdMs = context.Origin.MayTakeLong ? settings.BusyReplyThresholdMs.Value : 0;
        while (_status == RunStatus.Suspended)
        {
            RunSome(task);
            NoteSlow(task, thresholdMs);
            if (_status == RunStatus.Suspended && (_isSlow || requests.IsWaiting))
            {
                context.Suspend(new LongScript(this, task, context.Session));
                return;
            }
        }
        BeginAnswer(context, task);
        task.Machine.Results.GoOn(context.Reply, isSliceOver: null);
        End(context, task);
    }

    /// <summary>
    /// Begins to run something, unless what it says of itself forbids it now, which is answered; <see cref="GoOn"/> runs it.
    /// </summary>
    public bool TryBegin(CommandContext context, ScriptTask task)
    {
        if (Running is not null)
        {
            context.Reply.Error(ErrorText.ScriptForbiddenCommand);
            return false;
        }
        bool isRefused = task.Flags.HasFlag(ScriptFlags.Undeclared) ? requests.AnswerStaleness(context) : !IsAllowed(context, task);
        if (isRefused)
        {
            return false;
        }
        requests.Begin(context, task.Permissions);
        _beganUs = clock.MonotonicUs;
        _stopReason = null;
        _isSlow = false;
        Running = task;
        Start(context, task);
        return true;
    }

    /// <summary>Goes on with what runs for a slice; true if it is over, and has answered.</summary>
    public bool GoOn(CommandContext context, Func<bool> isSliceOver)
    {
        ScriptTask task = Running!;
        while (_status == RunStatus.Suspended)
        {
            if (requests.IsWaiting && !requests.GoOn(isSliceOver))
            {
                return false;
            }
            if (task.Watch is { } watch && !MayProceed(watch, isSliceOver))
            {
                return false;
            }
            RunSome(task);
            if (_status != RunStatus.Suspended)
            {
                BeginAnswer(context, task);
            }
            else if (isSliceOver())
            {
                NoteSlow(task, settings.BusyReplyThresholdMs.Value);
                return false;
            }
        }
        if (!task.Machine.Results.GoOn(context.Reply, isSliceOver))
        {
            return false;
        }
        End(context, task);
        return true;
    }

    /// <summary>Answers SCRIPT KILL or FUNCTION KILL, and has what runs end with its next slice.</summary>
    public void Kill(CommandContext context, ScriptKind kind)
    {
        if (Running is not { } task)
        {
            context.Reply.Error(ErrorText.NotBusy);
        }
        else if (requests.HasWritten)
        {
            context.Reply.Error(ErrorText.Unkillable);
        }
        else if (task.Kind != kind)
        {
            context.Reply.Error(task.BusyError);
        }
        else
        {
            log.Write(LogLevel.Warning, "Lua script killed by user with SCRIPT KILL.");
            _stopReason = "Script killed by user with SCRIPT KILL...";
            task.Watch?.Detach();
            context.Reply.Ok();
        }
    }

    /// <summary>Has what runs end with its next slice; false if it has written.</summary>
    public bool TryStop()
    {
        Running?.Watch?.Detach();
        requests.StopWaiting();
        if (requests.HasWritten)
        {
            return false;
        }
        _stopReason ??= "Script stopped: the server is shutting down";
        return true;
    }

    /// <summary>Whether a run that is watched may go on; its time begins anew where it stood still.</summary>
    private bool MayProceed(IRunWatch watch, Func<bool> isSliceOver)
    {
        if (_stopReason is not null)
        {
            return true;
        }
        long thresholdMs = settings.BusyReplyThresholdMs.Value is > 0 and var value ? value : WatchThresholdMs;
        bool wasStanding = watch.IsStanding;
        bool mayProceed = watch.Proceed(!wasStanding && RunningMs >= thresholdMs, isSliceOver);
        if (wasStanding || !mayProceed)
        {
            _beganUs = clock.MonotonicUs;
        }
        return mayProceed;
    }

    private void Start(CommandContext context, ScriptTask task)
    {
        ScriptMachine machine = task.Machine;
        machine.Begin(settings.ScriptMaxMemory.Bytes, settings.ScriptAbortAfterWrites.Value);
        int firstArgument = task.FirstKey + task.KeyCount;
        _status = RunStatus.Suspended;
        try
        {
            LuaTable keys = machine.NewList(context, task.FirstKey, firstArgument);
            LuaTable arguments = machine.NewList(context, firstArgument, context.Count);
            if (task.Kind == ScriptKind.Function)
            {
                machine.Lua.Start(task.Function, keys, arguments);
            }
            else
            {
                machine.SetArguments(keys, arguments);
                machine.Lua.Start(task.Function);
            }
        }
        catch (LuaException exception)
        {
            Stop(task, exception.Value);
        }
    }

    /// <summary>Runs some instructions, unless it is to be stopped.</summary>
    private void RunSome(ScriptTask task)
    {
        if (_stopReason is null && settings.ScriptMaxTimeMs.Value is > 0 and var maxMs && RunningMs > maxMs && MayBeStopped)
        {
            _stopReason = "Script exceeded script-max-time";
        }
        if (_stopReason is { } reason)
        {
            Stop(task, LuaString.Of(reason));
        }
        else
        {
            _status = task.Machine.Lua.Run(FuelCount);
        }
    }

    private bool MayBeStopped => !requests.HasWritten || settings.ScriptAbortAfterWrites.Value;

    private void Stop(ScriptTask task, LuaValue error)
    {
        task.Machine.Lua.Abort(error);
        _status = RunStatus.Failed;
    }

    /// <summary>From the threshold on it takes long, which the log is told once. One that is watched may take its time.</summary>
    private void NoteSlow(ScriptTask task, long thresholdMs)
    {
        if (_isSlow || _status != RunStatus.Suspended || task.Watch is not null || thresholdMs == 0 || RunningMs < thresholdMs)
        {
            return;
        }
        _isSlow = true;
        log.Write(
            LogLevel.Warning,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Slow script detected: still in execution after {RunningMs} milliseconds. You can try killing the script using the "
                + $"{task.KillCommand} command. Script name is: {task.Name}."));
    }

    /// <summary>Writes the error, or begins to write the result.</summary>
    private void BeginAnswer(CommandContext context, ScriptTask task)
    {
        ScriptMachine machine = task.Machine;
        LuaMachine lua = machine.Lua;
        LuaValue result = _status == RunStatus.Failed ? lua.Error : lua.Results.IsEmpty ? LuaValue.Nil : lua.Results[0];
        _isErrorCounted = result.Object is LuaTable table && table.Get(machine.Words.IgnoreErrorStatsUpdate).IsTruthy;
        if (_status == RunStatus.Failed)
        {
            ScriptErrors.Write(context.Reply, task, result);
        }
        else
        {
            machine.Results.Begin(context.Reply, result, hasBooleans: machine.Calls.ProtocolVersion == 3);
        }
    }

    private void End(CommandContext context, ScriptTask task)
    {
        Running = null;
        task.Watch?.Over();
        task.Machine.End();
        requests.End(context, _isErrorCounted);
    }

    private bool IsAllowed(CommandContext context, ScriptTask task)
    {
        if (task.Flags.HasFlag(ScriptFlags.NoCluster) && context.Database.HasSlots)
        {
            context.Reply.Error(ClusterErrorText.ScriptWithoutCluster);
            return false;
        }
        bool isWriting = !task.Flags.HasFlag(ScriptFlags.NoWrites);
        if (isWriting && !task.Flags.HasFlag(ScriptFlags.AllowOom) && requests.IsMemoryOverLimit)
        {
            context.Reply.Error(ErrorText.OutOfMemory);
            return false;
        }
        if (isWriting && requests.AnswerKeepingFailure(context))
        {
            return false;
        }
        if (isWriting && task.IsReadOnly)
        {
            context.Reply.Error(ErrorText.ScriptIsWriting);
            return false;
        }
        return true;
    }
}
