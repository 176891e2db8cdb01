using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Sessions;
using Bixbite.AccessControl.Users;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.AccessControl.Checking;

/// <summary>
/// A user runs what its rules admit. Asked before a request runs or is queued, before a queued one runs, before a wait's command runs
/// again, and for each call of a script; who asks says it by the context's origin.
/// </summary>
public sealed class AccessGate(AccessChecker checker, SessionUsers sessions, AccessLog log) : Gate(Concern.Access), IAccessRules
{
    public override Verdict Ask(CommandContext context, CommandFlags flags) =>
        checker.AdmitsAtOnce(context) ? Verdict.Admitted : Decide(context);

    public bool Refuses(CommandContext context) => Ask(context, context.Command.Flags) == Verdict.Refused;

    public bool MayRun(Session session, Command command, ReadOnlySpan<Argument> arguments) => checker.MayRun(session, command, arguments);

    public bool MayUse(Session session, Command command) => checker.MayUse(session, command);

    public bool MayReadEveryKey(CommandContext context) => checker.MayReadEveryKey(context);

    private Verdict Decide(CommandContext context)
    {
        Denial denial = checker.Check(context);
        if (denial.IsAdmitted)
        {
            return Verdict.Admitted;
        }
        Refuse(context, denial);
        return Verdict.Refused;
    }

    private void Refuse(CommandContext context, Denial denial)
    {
        User user = sessions.Of(context.Session);
        bool isNamed = denial.Index > 0;
        log.Add(context, denial.Reason, isNamed ? context[denial.Index] : context.Command.FullName, user.Name);
        if (context.Origin.IsInTransaction)
        {
            AccessErrorText.NoPermissionAnyMore(context.Reply, DenialText.Changed(denial));
        }
        else if (context.Origin.IsScripted)
        {
            AccessErrorText.NoPermissionInScript(context.Reply, DenialText.Brief(denial, user, context.Command));
        }
        else
        {
            AccessErrorText.NoPermission(context.Reply, DenialText.Brief(denial, user, context.Command));
        }
    }
}
