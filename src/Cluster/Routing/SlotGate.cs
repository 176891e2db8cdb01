using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;

namespace Bixbite.Cluster.Routing;

/// <summary>A node of a cluster runs only what concerns its own slots, and tells clients where the others are.</summary>
public sealed class SlotGate(SlotRouter router) : Gate(Concern.Slot)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        if (context.Session.Has(SessionFlags.Primary))
        {
            return Verdict.Admitted;
        }
        Route route = router.RouteOf(context, flags);
        if (route.Kind == RouteKind.Here)
        {
            return Verdict.Admitted;
        }
        context.Reply.Error(router.ErrorOf(route, context.Session));
        return Verdict.Redirected;
    }
}
