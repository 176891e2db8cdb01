using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;

namespace Bixbite.Commands.Info.Sections;

/// <summary>The facts of replication: a primary without replicas.</summary>
public static class ReplicationFacts
{
    public static void AddTo(ServerBuilder server)
    {
        InfoSection section = server.Info["Replication"];
        ReplicationIdentity identity = server.Get<ReplicationIdentity>();
        section.Text("role", "master");
        section.Fixed(0, "connected_slaves");
        section.Text("master_failover_state", "no-failover");
        section.Text("master_replid", () => identity.Id);
        section.Text("master_replid2", ReplicationIdentity.None);
        section.Fixed(0, "master_repl_offset");
        section.Fixed(-1, "second_repl_offset");
        section.Fixed(0, "repl_backlog_active");
        section.Fixed(1024 * 1024, "repl_backlog_size");
        section.Fixed(0, "repl_backlog_first_byte_offset", "repl_backlog_histlen");
    }
}
