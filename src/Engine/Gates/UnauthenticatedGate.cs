using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.Engine.Gates;

/// <summary>Without the password only those commands run by which it is given.</summary>
public sealed class UnauthenticatedGate() : Gate(Concern.Unauthenticated)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if (context.Command.Has(CommandFlags.NoAuth))
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.NoAuth);
        return Verdict.Refused;
    }
}
