using Bixbite.Engine.Lifecycle;

namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section about replication: a primary without replicas.</summary>
public sealed class ReplicationSection(ReplicationIdentity identity) : IInfoSection
{
    private static readonly InfoField<ReplicationIdentity>[] s_fields =
    [
        new("role", "master"),
        new("connected_slaves", 0),
        new("master_failover_state", "no-failover"),
        new("master_replid", identity => identity.Id),
        new("master_replid2", ReplicationIdentity.None),
        new("master_repl_offset", 0),
        new("second_repl_offset", -1),
        new("repl_backlog_active", 0),
        new("repl_backlog_size", 1024 * 1024),
        new("repl_backlog_first_byte_offset", 0),
        new("repl_backlog_histlen", 0),
    ];

    public string Heading => "Replication";

    public void Append(InfoText text) => text.Lines(s_fields, identity);
}
