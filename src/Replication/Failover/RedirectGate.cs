using System.Text;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Replication.Following;

namespace Bixbite.Replication.Failover;

/// <summary>
/// Clients that can be sent on (CLIENT CAPA redirect) are told by a replica where its primary is; after READONLY only for what they write.
/// While a primary gives its place away they wait: whoever they were sent to might send them back.
/// </summary>
internal sealed class RedirectGate(Follower follower, CoordinatedFailover failover, PauseGate pause) : Gate(Concern.Redirect)
{
    public override Verdict Ask(CommandContext context, CommandFlags flags)
    {
        Session session = context.Session;
        bool concernsPrimary = (flags & CommandFlags.Write) != 0
            || ((flags & CommandFlags.ReadOnly) != 0 && !session.Has(SessionFlags.ReadsReplica));
        if (!concernsPrimary || session.Has(SessionFlags.Primary) || follower.State == FollowState.None)
        {
            return Verdict.Admitted;
        }
        if (failover.State == FailoverState.InProgress)
        {
            pause.Hold(session);
            return Verdict.Postponed;
        }
        PrimaryAddress primary = follower.Address!;
        new ErrorLine(context.Reply)
            .Text("REDIRECT "u8).Argument(Encoding.UTF8.GetBytes(primary.Host)).Text(":"u8).Integer(primary.Port).End();
        return Verdict.Redirected;
    }
}
