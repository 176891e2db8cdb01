using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Replication.Failover;
using Bixbite.Replication.Following;
using Bixbite.Replication.History;
using Bixbite.Replication.Primary;
using Bixbite.Structures.Text;
using Encoding = System.Text.Encoding;

namespace Bixbite.Commands.Replication;

/// <summary>PSYNC and SYNC: the client becomes a replica, which gets all data, or what it lacks, and then every change.</summary>
public sealed class PSync(
    SyncRequests requests, Replicas replicas, ReplicationHistory history, Follower follower, CoordinatedFailover failover)
{
    [Command(
        "psync", Group = "server", Since = "2.8.0", Arity = -3,
        Flags = "admin noscript no_async_loading no_multi",
        Complexity = "O(1), and O(N) with N the number of keys where the replica needs all of them",
        Summary = "Makes the connection that of a replica, which goes on where it was.",
        Syntax = "replicationid offset:integer")]
    public void Run(CommandContext context)
    {
        if (!IsOrdinary(context.Session))
        {
            return;
        }
        if (context.Count > 3 && Ascii.EqualsIgnoreCase(context[3], "failover"u8) && !TryTakeOver(context))
        {
            return;
        }
        if (!MayBecomeReplica(context))
        {
            return;
        }
        bool isOffset = Integers.TryParse(context[2], out long offset);
        requests.NoteRequest(context.Session, isOffset);
        if (!isOffset)
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return;
        }
        bool takesNewId = replicas.OptionsOf(context.Session).TakesNewId;
        if (!requests.TryContinue(context.Session, context[1], offset))
        {
            BeginFull(context, isSilent: false);
            return;
        }
        context.Reply.Raw("+CONTINUE"u8);
        if (takesNewId)
        {
            context.Reply.Raw(" "u8);
            context.Reply.Raw(Encoding.ASCII.GetBytes(history.Id));
        }
        context.Reply.Raw("\r\n"u8);
    }

    [Command(
        "sync", Group = "server", Since = "1.0.0", Arity = 1,
        Flags = "admin noscript no_async_loading no_multi",
        Complexity = "O(N) with N the number of keys",
        Summary = "Makes the connection that of a replica, which gets all data.")]
    public void Sync(CommandContext context)
    {
        if (IsOrdinary(context.Session) && MayBecomeReplica(context))
        {
            requests.NoteRequest(context.Session);
            BeginFull(context, isSilent: true);
        }
    }

    private void BeginFull(CommandContext context, bool isSilent)
    {
        if (requests.MayBeginFull(context.Session))
        {
            requests.BeginFull(context.Session, isSilent);
        }
        else
        {
            context.Reply.Error(ReplicationErrorText.FieldsExpire);
        }
    }

    /// <summary>A replica and a monitor ask in vain, without an answer.</summary>
    private static bool IsOrdinary(Session session) => !session.Has(SessionFlags.Replica | SessionFlags.Monitor);

    /// <summary>The primary of this server wants it to be a primary, and to follow it.</summary>
    private bool TryTakeOver(CommandContext context)
    {
        requests.NoteTakeover(context.Session, context[1]);
        if (follower.State == FollowState.None)
        {
            context.Reply.Error(ReplicationErrorText.FailoverToPrimary);
            return false;
        }
        if (failover.IsOn)
        {
            context.Reply.Error(ReplicationErrorText.SyncWhileFailingOver);
            return false;
        }
        if (!history.Is(context[1]))
        {
            context.Reply.Error(ReplicationErrorText.FailoverOfAnotherHistory);
            return false;
        }
        follower.Lead();
        requests.NoteTakenOver(context.Session);
        return true;
    }

    /// <summary>
    /// A server that is to become a replica, or has lost its own primary, has nothing that goes on. Nothing may be on its way to the client
    /// that would come into the snapshot.
    /// </summary>
    private bool MayBecomeReplica(CommandContext context)
    {
        Session session = context.Session;
        if (failover.IsOn)
        {
            context.Reply.Error(ReplicationErrorText.SyncWhileFailingOver);
            return false;
        }
        if (follower.State is not (FollowState.None or FollowState.Connected))
        {
            context.Reply.Error(ReplicationErrorText.NoPrimaryLink);
            return false;
        }
        if (context.Reply.ClientSize > 0 || session.Link.PendingOutput > 0)
        {
            context.Reply.Error(ReplicationErrorText.PendingOutput);
            return false;
        }
        if (replicas.OptionsOf(session) is { FindsMark: false, IsFiltered: true })
        {
            context.Reply.Error(ReplicationErrorText.FilterWithoutMark);
            return false;
        }
        return true;
    }
}
