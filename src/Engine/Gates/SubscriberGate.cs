using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;

namespace Bixbite.Engine.Gates;

/// <summary>In RESP2 a subscriber could not tell the replies of other commands from messages.</summary>
public sealed class SubscriberGate() : Gate(Concern.Subscriber)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if (context.Session.ProtocolVersion != 2 || context.Command.Has(CommandFlags.AllowsSubscriber))
        {
            return Verdict.Admitted;
        }
        ErrorText.SubscribedContext(context.Reply, context.Command.FullName);
        return Verdict.Refused;
    }
}
