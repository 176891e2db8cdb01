using System.Diagnostics.CodeAnalysis;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
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
    private const Concern DiskConcerns = Concern.Snapshot | Concern.Aof;

    private readonly CommandTable _table;
    private readonly GateList _gates;
    private readonly CommandRunner _runner;
    private readonly MemoryGauge _memory;
    private readonly CommandContext _context;
    private Session _session = null!;
    private Database _database = null!;
    private ScriptPermissions _permissions;

    public ScriptRequests(CommandTable table, GateList gates, CommandRunner runner, MemoryGauge memory, CommandContext context)
    {
        _table = table;
        _gates = gates;
        _runner = runner;
        _memory = memory;
        _context = context;
    }

    /// <summary>The reply of the latest command.</summary>
    public ReplyWriter Reply => _context.Reply;

    /// <summary>Whether the script has called a command that may change data. From then on it is not refused for memory or disks.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Memory was over its limit when the script began.</summary>
    public bool IsOverLimit { get; private set; }

    /// <summary>Memory is over its limit now.</summary>
    public bool IsMemoryOverLimit => _memory.IsOverLimit;

    /// <summary>A script begins, in the context of EVAL.</summary>
    public void Begin(CommandContext eval, ScriptPermissions permissions)
    {
        _session = eval.Session;
        _database = _session.Database;
        _permissions = permissions;
        HasWritten = false;
        IsOverLimit = _memory.IsOverLimit;
    }

    /// <summary>Answers why changes could not be kept on the disk now, if so.</summary>
    public bool AnswerDiskFailure(CommandContext eval) => _gates.Ask(eval, CommandFlags.Write, DiskConcerns) != Verdict.Admitted;

    /// <summary>The script is over.</summary>
    public void End()
    {
        _session.Database = _database;
        _session = null!;
        Reply.Buffer.Truncate(0);
    }

    /// <summary>Runs the one request of a batch. Its reply, an error where it is refused, is in the writer.</summary>
    /// <returns>False if the command did not run.</returns>
    public bool Run(RequestBatch batch, int protocolVersion)
    {
        _context.Begin(_session, batch, 0);
        Reply.Buffer.Truncate(0);
        Reply.Begin();
        Reply.Version = protocolVersion;
        if (!TryResolve(out Command? command) || !IsAllowed(command))
        {
            return false;
        }
        HasWritten |= command.Has(CommandFlags.Write);
        _runner.Run(_context, Origin.Script);
        return true;
    }

    private bool TryResolve([NotNullWhen(true)] out Command? command)
    {
        command = _table.Find(_context[0]);
        if (command is { IsContainer: true } && _context.Count > 1)
        {
            command = command.FindSubcommand(_context[1]);
        }
        if (command is null)
        {
            return Refuse(ErrorText.ScriptUnknownCommand);
        }
        _context.Resolve(command);
        return command.AcceptsCount(_context.Count) || Refuse(ErrorText.ScriptWrongArity);
    }

    private bool IsAllowed(Command command)
    {
        if (command.Has(CommandFlags.NoScript))
        {
            return Refuse(ErrorText.ScriptForbiddenCommand);
        }
        bool isWrite = command.Has(CommandFlags.Write);
        if (_permissions.HasFlag(ScriptPermissions.ReadOnly) && command.Has(CommandFlags.Write | CommandFlags.MayReplicate))
        {
            return Refuse(ErrorText.ScriptIsReadOnly);
        }
        if (isWrite && !HasWritten && _gates.Ask(_context, command.Flags, DiskConcerns) != Verdict.Admitted)
        {
            return false;
        }
        if (IsOverLimit && !HasWritten && command.Has(CommandFlags.DenyOom) && !_permissions.HasFlag(ScriptPermissions.ExceedsMemory))
        {
            return Refuse(ErrorText.OutOfMemory);
        }
        return true;
    }

    private bool Refuse(ReadOnlySpan<byte> error)
    {
        Reply.Error(error);
        return false;
    }
}

/// <summary>What a script may do, beside what all may.</summary>
[Flags]
public enum ScriptPermissions
{
    None = 0,

    /// <summary>Commands that may change data are refused.</summary>
    ReadOnly = 1,

    /// <summary>It may take memory beyond the limit.</summary>
    ExceedsMemory = 2,
}
