using System.Text;
using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Commands.Cluster.Shared;

/// <summary>
/// Has the cluster decide on a change, and answers what became of it: at once where it is decided at once, later otherwise.
/// </summary>
public sealed class ClusterProposals(ClusterState cluster, BlockedSessions blocked, NativeBuffer buffer)
{
    /// <summary>Proposes a change; the answer is OK if it was done.</summary>
    public void Propose(CommandContext context, ClusterChange change) =>
        Propose(context, change, static (reply, _) => reply.Ok());

    /// <summary>Proposes a change.</summary>
    /// <param name="context">The command's, which has answered nothing.</param>
    /// <param name="change">The change.</param>
    /// <param name="answer">Answers if it was done.</param>
    public void Propose(CommandContext context, ClusterChange change, Action<ReplyWriter, ProposalResult> answer)
    {
        ProposalResult? decided = null;
        Wait? wait = null;
        cluster.Plane!.Propose(change, result =>
        {
            decided = result;
            if (wait is not null)
            {
                Finish(wait, result, answer);
            }
        });
        if (decided is { } now)
        {
            Answer(context.Reply, now, answer);
            return;
        }
        var waiting = new Wait(context.Session);
        if (context.Suspend(waiting))
        {
            wait = waiting;
        }
    }

    private static void Answer(ReplyWriter reply, ProposalResult result, Action<ReplyWriter, ProposalResult> answer)
    {
        if (result.IsDone)
        {
            answer(reply, result);
        }
        else if (result.Failure is { } failure)
        {
            ClusterErrorText.NotDone(reply, Encoding.UTF8.GetBytes(failure));
        }
        else
        {
            Refuse(reply, result);
        }
    }

    private static void Refuse(ReplyWriter reply, ProposalResult result)
    {
        switch (result.Outcome)
        {
            case ChangeOutcome.SlotOwned:
                ClusterErrorText.SlotIsBusy(reply, result.Slot);
                break;
            case ChangeOutcome.SlotNotOwned:
                ClusterErrorText.NotTheOwner(reply, result.Slot);
                break;
            case ChangeOutcome.SlotMoving:
                ClusterErrorText.SlotIsMoving(reply, result.Slot);
                break;
            default:
                ClusterErrorText.NotDone(reply, Encoding.ASCII.GetBytes(result.Outcome.ToString()));
                break;
        }
    }

    private void Finish(Wait wait, ProposalResult result, Action<ReplyWriter, ProposalResult> answer)
    {
        if (wait.IsOver)
        {
            return;
        }
        buffer.Truncate(0);
        var reply = new ReplyWriter(buffer) { Version = wait.Session.ProtocolVersion };
        Answer(reply, result, answer);
        blocked.Finish(wait, buffer.Written(0));
    }

    private sealed class Wait(Session session) : BlockedOperation(session, Forever)
    {
        public override WaitReason Reason => WaitReason.Agreement;

        public override bool MayBeUnblocked => false;

        public bool IsOver { get; private set; }

        public override void AnswerTimeout(ReplyWriter reply) => reply.Error(ClusterErrorText.MustWait);

        protected override void Ended() => IsOver = true;
    }
}
