using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.Engine.Gates;

/// <summary>While other data is being loaded, commands do not run that would replace or save the old data.</summary>
public sealed class LoadingAsideGate() : Gate(Concern.LoadingAside)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if ((flags & CommandFlags.NoAsyncLoading) == 0)
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(ErrorText.Loading);
        return Verdict.Refused;
    }
}
