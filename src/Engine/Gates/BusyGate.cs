using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Gates;

/// <summary>
/// While a command takes long only those run that need no keys, or that end it; and PING and INFO, if probes are to be answered. Others
/// are told so, or wait, as the command wants it.
/// </summary>
public sealed class BusyGate : Gate, ISessionPart
{
    private readonly LongCommand _command;
    private readonly PostponedSessions _waiting = new();

    public BusyGate(LongCommand command)
        : base(Concern.Busy)
    {
        _command = command;
        command.Freed = _waiting.Resume;
    }

    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        bool isHeld = _command.HoldsOthers;
        if (context.Command.Has(CommandFlags.AllowBusy) || ((isHeld || _command.AnswersProbes) && IsProbe(context)))
        {
            return Verdict.Admitted;
        }
        if (!isHeld)
        {
            context.Reply.Error(_command.BusyError);
            return Verdict.Refused;
        }
        _waiting.Add(context.Session);
        return Verdict.Postponed;
    }

    /// <summary>Who waits runs no RESET.</summary>
    void ISessionPart.Reset(Session session)
    {
    }

    void ISessionPart.End(Session session) => _waiting.Forget(session);

    /// <summary>One that is queued would be kept from running by EXEC, which must wait.</summary>
    private static bool IsProbe(CommandContext context) =>
        !context.Session.Has(SessionFlags.InTransaction)
        && (context.Command.FullName.SequenceEqual("ping"u8) || context.Command.FullName.SequenceEqual("info"u8));
}
