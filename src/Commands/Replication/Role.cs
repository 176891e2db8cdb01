using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Replication.Following;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;

namespace Bixbite.Commands.Replication;

/// <summary>
/// ROLE: a primary, the position of its stream, and the replicas that get it; or a replica, its primary, and how far it is.
/// </summary>
public sealed class Role(ReplicationStream stream, Replicas replicas, Follower follower)
{
    [Command(
        "role",
        Group = "server",
        Since = "2.8.12",
        Arity = 1,
        Flags = "noscript loading stale fast",
        Categories = "admin dangerous",
        Complexity = "O(1)",
        Summary = "Tells the server's part in replication.")]
    public void Run(CommandContext context)
    {
        if (follower.State == FollowState.None)
        {
            AnswerPrimary(context.Reply);
        }
        else
        {
            AnswerReplica(context.Reply);
        }
    }

    private void AnswerPrimary(ReplyWriter reply)
    {
        reply.Array(3);
        reply.Bulk("master"u8);
        reply.Integer(stream.End);
        reply.Array(replicas.All.Count(static replica => replica.State == ReplicaState.Online));
        foreach (Replica replica in replicas.All)
        {
            if (replica.State == ReplicaState.Online)
            {
                reply.Array(3);
                reply.Bulk(Encoding.UTF8.GetBytes(replica.Host));
                reply.BulkInteger(replica.Options.Port);
                reply.BulkInteger(replica.AcknowledgedEnd);
            }
        }
    }

    private void AnswerReplica(ReplyWriter reply)
    {
        reply.Array(5);
        reply.Bulk("slave"u8);
        reply.Bulk(Encoding.UTF8.GetBytes(follower.Address!.Host));
        reply.Integer(follower.Address.Port);
        reply.Bulk(follower.State switch
        {
            FollowState.Waiting => "connect"u8,
            FollowState.Connecting => "connecting"u8,
            FollowState.Handshake => "handshake"u8,
            FollowState.Receiving => "sync"u8,
            _ => "connected"u8,
        });
        reply.Integer(follower.State == FollowState.Connected ? follower.End : -1);
    }
}
