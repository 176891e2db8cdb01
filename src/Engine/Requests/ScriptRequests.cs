using System.Diagnostics.CodeAnalysis;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Engine.Requests;

/// <summary>
/// Runs the commands that a script calls for its client, one at a time; each reply lies in the writer until the next. It decides what a
/// script may call, and the client's database is again what it was when the script is over.
/// </summary>
public sealed class ScriptRequests
{
    private const Concern WriteConcerns = Concern.Snapshot | Concern.Aof | Concern.GoodReplicas;

    private readonly CommandTable _table;
    private readonly GateList _gates;
    private readonly CommandRunner _runner;
    private readonly MemoryGauge _memory;
    private readonly CommandRecorder _recorder;
    private readonly CommandContext _context;
    private Session _session = null!;

    /// <summary>The client's before the script.</summary>
    private Database _database = null!;

    private Origin _origin;
    private LongOperation? _waiting;
    private ScriptPermissions _permissions;

    /// <summary>The slot of the keys that it uses; -1 where there is none so far.</summary>
    private int _slot;

    public ScriptRequests(
        CommandTable table, GateList gates, CommandRunner runner, MemoryGauge memory, CommandRecorder recorder, CommandContext context)
    {
        _table = table;
        _gates = gates;
        _runner = runner;
        _memory = memory;
        _recorder = recorder;
        _context = context;
    }

    /// <summary>The reply of the latest command.</summary>
    public ReplyWriter Reply => _context.Reply;

    /// <summary>Whether the script has called a command that may change data. From then on it is not refused for memory or disks.</summary>
    public bool HasWritten { get; private set; }

    private bool HasRead { get; set; }

    /// <summary>Scripts may call all commands: for tests.</summary>
    public bool AllowsAll { get; set; }

    /// <summary>Who is told of the changes of the script's next commands.</summary>
    public PropagationTargets Targets { get; set; }

    /// <summary>The rules of a cluster; null where there is none.</summary>
    public ISlotRules? Slots { get; set; }

    /// <summary>Commands run on copies of keys, and nothing else is touched; null where they run for good.</summary>
    public Rehearsal? Rehearsal { get; init; }

    /// <summary>The latest command waits, and its script stands still until <see cref="GoOn"/> has brought it to its end.</summary>
    public bool IsWaiting => _waiting is not null;

    /// <summary>The same, and nothing can be done for it now.</summary>
    public bool IsResting => _waiting is { IsResting: true };

    /// <summary>Memory is over its limit now.</summary>
    public bool IsMemoryOverLimit => _memory.IsOverLimit;

    /// <summary>The client is the primary that this server follows: nothing is refused.</summary>
    private bool IsPrimary => _session.Has(SessionFlags.Primary);

    /// <summary>A script begins, in the context of EVAL.</summary>
    public void Begin(CommandContext eval, ScriptPermissions permissions)
    {
        _session = eval.Session;
        _origin = eval.Origin.MayTakeLong ? Origin.WaitingScript : Origin.Script;
        _permissions = _memory.IsOverLimit ? permissions : permissions | ScriptPermissions.ExceedsMemory;
        HasWritten = false;
        HasRead = false;
        _slot = Slots?.SlotOf(eval) ?? -1;
        Targets = PropagationTargets.All;
        _database = _session.Database;
    }

    /// <summary>Answers why changes could not be kept now, here or by replicas, if so.</summary>
    public bool AnswerKeepingFailure(CommandContext eval) =>
        !eval.Session.Has(SessionFlags.Primary) && !MayWrite(eval, CommandFlags.Write);

    /// <summary>Answers that a replica without its primary has only old data, if so.</summary>
    public bool AnswerStaleness(CommandContext eval) =>
        _gates.Ask(eval, CommandFlags.None, Concern.StaleData) != Verdict.Admitted;

    /// <summary>The script is over, and its reply is written.</summary>
    /// <param name="eval">The context of EVAL.</param>
    /// <param name="isErrorCounted">The reply is an error that one of the commands has answered, and that was counted with it.</param>
    public void End(CommandContext eval, bool isErrorCounted)
    {
        eval.HasReadKeys = HasRead;
        if (isErrorCounted && Rehearsal is null)
        {
            eval.ForgetErrors();
            eval.Command.Statistics.FailedCalls++;
        }
        _session.Database = _database;
        _session = null!;
        Reply.Buffer.Truncate(0);
    }

    /// <summary>The command of the request that ran last, or was refused; null if there is no such command.</summary>
    public Command? Latest => _context.Command;

    /// <summary>
    /// Runs the one request of a batch. Its reply, an error where it is refused, is in the writer, unless the command waits.
    /// </summary>
    /// <param name="batch">Has the request, and keeps it while the command waits.</param>
    /// <param name="protocolVersion">That of the reply.</param>
    /// <param name="known">The request's command, if it has been found before.</param>
    /// <returns>False if the command did not run.</returns>
    public bool Run(RequestBatch batch, int protocolVersion, Command? known = null)
    {
        _context.Begin(_session, batch, 0);
        _context.Approach(_origin);
        Reply.Buffer.Truncate(0);
        Reply.Begin();
        Reply.Version = protocolVersion;
        if (!TryResolve(known, out Command? command) || !IsAllowed(command))
        {
            if (Rehearsal is not null)
            {
                return false;
            }
            _recorder.Refused(_context);
            if (command is not null)
            {
                command.Statistics.RejectedCalls++;
            }
            return false;
        }
        HasWritten |= command.Has(CommandFlags.Write);
        HasRead |= command.Has(CommandFlags.ReadOnly);
        if (Rehearsal is { } rehearsal)
        {
            return rehearsal.TryRun(_context, _runner);
        }
        _recorder.BeginScripted(command);
        _runner.Run(_context, _origin.To(Targets));
        _waiting = _context.Suspension as LongOperation;
        return true;
    }

    /// <summary>Goes on with the command that waits; true if it is over, and its reply in the writer.</summary>
    public bool GoOn(Func<bool> isSliceOver)
    {
        LongOperation operation = _waiting!;
        int version = Reply.Version;
        Reply.Begin();
        _context.Begin(operation, _context.Batch, 0, _context.Command);
        Reply.Version = version;
        if (!_runner.GoOn(_context, operation, isSliceOver))
        {
            return false;
        }
        _waiting = null;
        return true;
    }

    /// <summary>Has the command that waits end with the next slice.</summary>
    public void StopWaiting() => _waiting?.TryStop();

    /// <summary>Whether the script's client may run the one request of a batch; null where there is no such command.</summary>
    public bool? MayRun(RequestBatch batch)
    {
        ReadOnlySpan<Argument> arguments = batch.Arguments(0);
        return _table.Find(arguments) is not { } command ? null
            : _runner.Access is null || _runner.Access.MayRun(_session, command, arguments);
    }

    private bool TryResolve(Command? known, [NotNullWhen(true)] out Command? command)
    {
        command = known ?? _table.Find(_context.Arguments);
        if (command is null)
        {
            return Refuse(ErrorText.ScriptUnknownCommand);
        }
        _context.Resolve(command);
        return command.AcceptsCount(_context.Count) || Refuse(ErrorText.ScriptWrongArity);
    }

    private bool IsAllowed(Command command)
    {
        if (command.Has(CommandFlags.NoScript) && !AllowsAll)
        {
            return Refuse(ErrorText.ScriptForbiddenCommand);
        }
        if (IsPrimary)
        {
            return true;
        }
        if (_gates.Ask(_context, command.Flags, Concern.Access) != Verdict.Admitted)
        {
            return false;
        }
        if (_gates.IsRaised(Concern.StaleData) && !command.Has(CommandFlags.Stale))
        {
            return Refuse(ErrorText.ScriptOnStaleReplica);
        }
        bool isWrite = command.Has(CommandFlags.Write);
        if (_permissions.HasFlag(ScriptPermissions.ReadOnly) && command.Has(CommandFlags.Write | CommandFlags.MayReplicate))
        {
            return Refuse(ErrorText.ScriptIsReadOnly);
        }
        if (isWrite && !HasWritten && !MayWrite(_context, command.Flags))
        {
            return false;
        }
        if (!HasWritten && command.Has(CommandFlags.DenyOom) && !_permissions.HasFlag(ScriptPermissions.ExceedsMemory))
        {
            return Refuse(ErrorText.OutOfMemory);
        }
        ReadOnlySpan<byte> refusal = Slots is { } slots
            ? slots.RefusalOf(_context, _permissions.HasFlag(ScriptPermissions.CrossesSlots), ref _slot)
            : default;
        return refusal.IsEmpty || Refuse(refusal);
    }

    /// <summary>On a replica that is asked first, whatever the disk and other replicas are like.</summary>
    private bool MayWrite(CommandContext context, CommandFlags flags) =>
        _gates.Ask(context, flags, Concern.ReadOnlyReplica) == Verdict.Admitted
        && _gates.Ask(context, flags, WriteConcerns) == Verdict.Admitted;

    private bool Refuse(ReadOnlySpan<byte> error)
    {
        Reply.Error(error);
        return false;
    }
}

/// <summary>The permissions of a script, beside those that all have.</summary>
[Flags]
public enum ScriptPermissions
{
    None = 0,

    /// <summary>Commands that may change data are refused.</summary>
    ReadOnly = 1,

    /// <summary>It may take memory beyond the limit.</summary>
    ExceedsMemory = 2,

    /// <summary>It may use keys of several slots of a cluster, all of this node.</summary>
    CrossesSlots = 4,
}
