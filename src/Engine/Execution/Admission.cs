using Bixbite.Configuration;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;
using Bixbite.Keyspace;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Encoding = System.Text.Encoding;

namespace Bixbite.Engine.Execution;

/// <summary>
/// The gates every request passes before its command runs, in Redis' order: is the command known, are its arguments enough, may it be used
/// here, has the client given the password, is there memory for it, does it have to wait.
/// </summary>
public sealed class Admission
{
    private readonly CommandTable _table;
    private readonly Eviction _eviction;
    private readonly PauseGate _pause;
    private readonly DataState _state;
    private readonly Settings _settings;

    public Admission(CommandTable table, Eviction eviction, PauseGate pause, DataState state, Settings settings)
    {
        _state = state;
        _table = table;
        _eviction = eviction;
        _pause = pause;
        _settings = settings;
    }

    /// <summary>Finds the command and lets it pass; otherwise answers the error, or tells that the request must wait.</summary>
    public Verdict Decide(CommandContext context)
    {
        return TryResolve(context) ? Pass(context, context.Command) : Verdict.Refused;
    }

    /// <summary>Finds the command; otherwise answers the error.</summary>
    internal bool TryResolve(CommandContext context)
    {
        Command? command = _table.Find(context[0]);
        if (command is null)
        {
            RefuseUnknown(context);
            return false;
        }
        if (command.IsContainer && context.Count > 1)
        {
            Command? subcommand = command.FindSubcommand(context[1]);
            if (subcommand is null)
            {
                AnswerUnknownSubcommand(context);
                return false;
            }
            command = subcommand;
        }
        context.Resolve(command);
        if (!command.AcceptsCount(context.Count))
        {
            ErrorText.WrongArity(context.Reply, command.FullName);
            Refuse(command);
            return false;
        }
        return true;
    }

    private Verdict Pass(CommandContext context, Command command)
    {
        Session session = context.Session;
        if (command.Has(CommandFlags.Protected) && !IsUnlocked(session))
        {
            ErrorText.ProtectedCommand(context.Reply, "DEBUG"u8, "enable-debug-command"u8);
            return Refuse(command);
        }
        if (!session.Has(SessionFlags.Authenticated) && !command.Has(CommandFlags.NoAuth))
        {
            context.Reply.Error(ErrorText.NoAuth);
            return Refuse(command);
        }
        // In RESP2 a subscriber could not tell the replies of other commands from messages.
        if (session.ProtocolVersion == 2 && session.IsSubscriber && !command.Has(CommandFlags.AllowsSubscriber))
        {
            ErrorText.SubscribedContext(context.Reply, command.FullName);
            return Refuse(command);
        }
        Transaction? transaction = session.Transaction;
        if (transaction is not null && command.Has(CommandFlags.NoMulti))
        {
            context.Reply.Error(ErrorText.NotInTransaction);
            return Refuse(command);
        }
        // While writes are paused the keyspace stays as it is: nothing is evicted, and nobody refused for it.
        if (!_pause.IsOn && !_eviction.MakeRoom() && NeedsMemory(command, transaction))
        {
            context.Reply.Error(ErrorText.OutOfMemory);
            return Refuse(command);
        }
        if (_state.RefusesCommands && !PassesTrouble(context, FlagsOf(command, transaction)))
        {
            return Refuse(command);
        }
        return _pause.Holds(session, FlagsOf(command, transaction)) ? Verdict.Postponed : Verdict.Admitted;
    }

    /// <summary>
    /// What may run while data is loaded, or cannot be kept on the disk.
    /// </summary>
    private bool PassesTrouble(CommandContext context, CommandFlags flags)
    {
        bool isDenied = (flags & (CommandFlags.Write | CommandFlags.NeedsDisk)) != 0;
        if (_state.HasSnapshotFailed && isDenied && IsSnapshotNeeded)
        {
            context.Reply.Error(ErrorText.SnapshotFailed);
            return false;
        }
        if (isDenied && _state.AofErrno is var errno and not 0)
        {
            ErrorText.AppendOnlyFailed(context.Reply, Encoding.ASCII.GetBytes(Errno.Text(errno)));
            return false;
        }
        if (_state.IsLoading && (context.Command.Flags & CommandFlags.Loading) == 0)
        {
            context.Reply.Error(ErrorText.Loading);
            return false;
        }
        return true;
    }

    /// <summary>
    /// A web page may make a browser send requests here, whose lines it controls. Such a connection is cut without an answer as soon as it
    /// shows itself by a word that every HTTP request has.
    /// </summary>
    private static void RefuseUnknown(CommandContext context)
    {
        if (Ascii.EqualsIgnoreCase(context[0], "post"u8) || Ascii.EqualsIgnoreCase(context[0], "host:"u8))
        {
            context.Session.Set(SessionFlags.Gone, true);
            return;
        }
        ErrorText.UnknownCommand(context.Reply, context.Arguments);
    }

    private static void AnswerUnknownSubcommand(CommandContext context)
    {
        Span<byte> container = stackalloc byte[context[0].Length];
        Ascii.ToUpper(context[0], container);
        ErrorText.UnknownSubcommand(context.Reply, container, context[1]);
    }

    /// <summary>Within a transaction every request takes memory until EXEC; and EXEC takes what its requests take.</summary>
    private static bool NeedsMemory(Command command, Transaction? transaction) =>
        (FlagsOf(command, transaction) & CommandFlags.DenyOom) != 0
        || (transaction is not null && !command.Has(CommandFlags.RunsInMulti));

    /// <summary>The command's flags; of EXEC also those of the commands that it will run.</summary>
    private static CommandFlags FlagsOf(Command command, Transaction? transaction) =>
        transaction is not null && command.Has(CommandFlags.RunsTransaction) ? command.Flags | transaction.Flags : command.Flags;

    private static Verdict Refuse(Command command)
    {
        command.Statistics.RejectedCalls++;
        return Verdict.Refused;
    }

    private bool IsSnapshotNeeded =>
        _settings.Persistence.StopWritesOnSaveError.Value && _settings.Persistence.Save.Value.Count > 0;

    private bool IsUnlocked(Session session) => _settings.Server.EnableDebugCommand.Value switch
    {
        LocalAccess.Yes => true,
        LocalAccess.Local => session.IsLocal,
        _ => false,
    };
}

/// <summary>What the gates say of a request.</summary>
public enum Verdict
{
    Admitted,

    /// <summary>An error was answered.</summary>
    Refused,

    Postponed,
}
