using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Gates;

/// <summary>
/// While a command takes long only those run that need no keys, or that end it; and PING and INFO, if probes are to be answered.
/// </summary>
public sealed class BusyGate(LongCommand command) : Gate(Concern.Busy)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if (context.Command.Has(CommandFlags.AllowBusy) || (command.AnswersProbes && IsProbe(context)))
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(command.BusyError);
        return Verdict.Refused;
    }

    /// <summary>One that is queued would be kept from running by EXEC, which must wait.</summary>
    private static bool IsProbe(CommandContext context) =>
        !context.Session.Has(SessionFlags.InTransaction)
        && (context.Command.FullName.SequenceEqual("ping"u8) || context.Command.FullName.SequenceEqual("info"u8));
}
