using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.Engine.Gates;

/// <summary>While the data is being loaded only commands run that need none of it.</summary>
public sealed class LoadingGate() : Gate(Concern.Loading)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if ((flags & CommandFlags.Loading) != 0)
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.Loading);
        return Verdict.Refused;
    }
}
