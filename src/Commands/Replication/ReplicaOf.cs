using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Replication.Failover;
using Bixbite.Replication.Following;
using Bixbite.Structures.Text;
using Encoding = System.Text.Encoding;

namespace Bixbite.Commands.Replication;

/// <summary>REPLICAOF and SLAVEOF, its older name: makes the server a replica, or a primary.</summary>
public sealed class ReplicaOf(Follower follower, CoordinatedFailover failover, SessionParts parts, ServerLog log, IClock clock)
{
    [Command(
        "replicaof", Group = "server", Since = "5.0.0", Arity = 3,
        Flags = "no_async_loading admin noscript stale",
        Complexity = "O(1)",
        Summary = "Makes the server a replica of another one, or a primary.",
        Syntax = "[args: (host-port: host port:integer) | (no-one: NO ONE)]")]
    public void Run(CommandContext context)
    {
        if (context.Database.HasSlots)
        {
            context.Reply.Error(ClusterErrorText.NoReplicaOf);
            return;
        }
        if (failover.IsOn)
        {
            context.Reply.Error(ReplicationErrorText.RoleChangeWhileFailingOver);
            return;
        }
        if (Ascii.EqualsIgnoreCase(context[1], "no"u8) && Ascii.EqualsIgnoreCase(context[2], "one"u8))
        {
            if (follower.State != FollowState.None)
            {
                follower.Lead();
                Tell(context, "MASTER MODE enabled");
            }
        }
        else if (!TryFollow(context))
        {
            return;
        }
        context.Reply.Ok();
    }

    [Command(
        "slaveof", Group = "server", Since = "1.0.0", Arity = 3,
        Flags = "no_async_loading admin noscript stale",
        DeprecatedSince = "5.0.0", ReplacedBy = "`REPLICAOF`",
        Complexity = "O(1)",
        Summary = "Makes the server a replica of another one, or a primary.",
        Syntax = "[args: (host-port: host port:integer) | (no-one: NO ONE)]")]
    public void SlaveOf(CommandContext context) => Run(context);

    /// <summary>False where something else was answered than OK.</summary>
    private bool TryFollow(CommandContext context)
    {
        if (context.Session.Has(SessionFlags.Replica))
        {
            context.Reply.Error(ReplicationErrorText.RoleChangeByReplica);
            return false;
        }
        if (!Integers.TryParse(context[2], out long port) || port is < 0 or > ushort.MaxValue)
        {
            context.Reply.Error(ReplicationErrorText.PrimaryPort);
            return false;
        }
        PrimaryAddress address = new(Encoding.UTF8.GetString(context[1]), (int)port);
        if (follower.Address is { } present && present.Port == address.Port
            && present.Host.Equals(address.Host, StringComparison.OrdinalIgnoreCase))
        {
            log.Write(LogLevel.Notice, "REPLICAOF names the primary that is followed already: nothing is done.");
            context.Reply.Simple("OK Already connected to specified master"u8);
            return false;
        }
        follower.Follow(address);
        Tell(context, $"REPLICAOF {address.Host}:{address.Port} enabled");
        return true;
    }

    private void Tell(CommandContext context, string what) => log.Write(
        LogLevel.Notice, $"{what} (user request from '{parts.Text.Of(context.Session, clock.MonotonicUs / 1000)}')");
}
