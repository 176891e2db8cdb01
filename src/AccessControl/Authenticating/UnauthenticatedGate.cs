using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.AccessControl.Authenticating;

/// <summary>Without a password only those commands run by which it is given.</summary>
public sealed class UnauthenticatedGate(Authentication authentication) : Gate(Concern.Unauthenticated)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if (context.Command.Has(CommandFlags.NoAuth) || !authentication.IsRequired)
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.NoAuth);
        return Verdict.Refused;
    }
}
