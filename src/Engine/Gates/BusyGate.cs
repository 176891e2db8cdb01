using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;

namespace Bixbite.Engine.Gates;

/// <summary>While a command takes long only those run that need no keys, or that end it.</summary>
public sealed class BusyGate(LongCommand command) : Gate(Concern.Busy)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if (context.Command.Has(CommandFlags.AllowBusy))
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(command.BusyError);
        return Verdict.Refused;
    }
}
