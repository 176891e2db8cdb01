using System.Runtime.CompilerServices;
using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Sessions;
using Bixbite.AccessControl.Users;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.AccessControl.Checking;

/// <summary>Decides whether users may run requests. It changes nothing and answers nothing. Under the execution lock.</summary>
public sealed class AccessChecker(SessionUsers sessions, CommandNames names)
{
    /// <summary>No database is known: the one that the request will run in may be another than now.</summary>
    private const int UnknownDatabase = -1;

    private readonly List<KeyPosition> _found = [];

    /// <summary>Whether a user may run a command in a database.</summary>
    public Denial Check(User user, Command command, ReadOnlySpan<Argument> arguments, int database)
    {
        var request = new AccessRequest(command, names.NeedsOf(command), arguments, database, _found);
        return user.Rules.Check(ref request);
    }

    /// <summary>Whether the session's user may run the context's request.</summary>
    public Denial Check(CommandContext context)
    {
        Session session = context.Session;
        return Check(sessions.Of(session), context.Command, context.Arguments, DatabaseOf(session));
    }

    /// <summary>The same where it can be told at a glance; if it is false, <see cref="Check(CommandContext)"/> decides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AdmitsAtOnce(CommandContext context) =>
        sessions.Of(context.Session).Rules.AdmitsAtOnce(names.NeedsOf(context.Command), context.Arguments);

    public bool MayRun(Session session, Command command, ReadOnlySpan<Argument> arguments) =>
        Check(sessions.Of(session), command, arguments, DatabaseOf(session)).IsAdmitted;

    public bool MayUse(Session session, Command command) => sessions.Of(session).Rules.AllowsSome(names.NeedsOf(command));

    public bool MayReadEveryKey(CommandContext context)
    {
        Command command = context.Command;
        var request = new AccessRequest(
            command, names.NeedsOf(command), context.Arguments, DatabaseOf(context.Session), _found);
        return sessions.Of(context.Session).Rules.AdmitsWithEveryKey(ref request, KeyPermissions.Read);
    }

    /// <summary>A SELECT may stand before what is kept for EXEC, which is asked about again when it runs.</summary>
    private static int DatabaseOf(Session session) =>
        session.Has(SessionFlags.InTransaction) ? UnknownDatabase : session.Database.Number;
}
