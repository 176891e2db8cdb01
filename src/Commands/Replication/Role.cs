using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;

namespace Bixbite.Commands.Replication;

/// <summary>ROLE: a primary, the position of its stream, and the replicas that get it.</summary>
public sealed class Role(ReplicationStream stream, Replicas replicas)
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
        ReplyWriter reply = context.Reply;
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
}
