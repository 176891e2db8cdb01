using System.Globalization;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Metrics;
using Bixbite.Engine.Modules;
using Bixbite.Replication.Failover;
using Bixbite.Replication.History;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication;

/// <summary>The facts of replication for INFO.</summary>
internal static class ReplicationFacts
{
    private const long NoOffset = 0;

    private static readonly MetricFamily s_offset = new(
        "redis_connected_slave_offset_bytes", MetricKind.Gauge, "The position up to which a replica has everything.");

    private static readonly MetricFamily s_lag = new(
        "redis_connected_slave_lag_seconds", MetricKind.Gauge, "For how long a replica has been silent.");

    public static void AddTo(ServerBuilder server)
    {
        Replicas replicas = server.Get<Replicas>();
        ReplicationStream stream = server.Get<ReplicationStream>();
        AddReplicas(server.Info["Replication"], replicas, server.Get<ReplicationSettings>(), server.Role);
        AddStatistics(server.Info["Stats"], server.Get<SyncStatistics>(), replicas);
        server.Get<MetricSources>().Add(text => WriteReplicas(text, replicas));
        GracefulShutdown shutdown = server.Get<GracefulShutdown>();
        InfoSection general = server.Info["Server"];
        general.While(
            () => shutdown.IsWaiting,
            () => general.Gauge("shutdown_in_milliseconds", () => shutdown.LeftMs, FactUnit.Milliseconds));
        InfoSection memory = server.Info["Memory"];
        memory.Gauge("mem_replication_backlog", () => stream.BacklogBytes, FactUnit.Bytes);
        memory.Gauge("mem_total_replication_buffers", () => stream.UsedBytes, FactUnit.Bytes);
        memory.Gauge("mem_clients_slaves", () => stream.ExcessBytes, FactUnit.Bytes);
    }

    private static void AddReplicas(InfoSection section, Replicas replicas, ReplicationSettings settings, ServerRole role)
    {
        section.Text("role", () => role.IsReplica ? "slave" : "master");
        section.Gauge("connected_slaves", () => replicas.Count);
        section.While(
            () => settings.GoodReplicaCountMin.Value > 0 && settings.GoodReplicaLagMaxSeconds.Value > 0,
            () => section.Gauge("min_slaves_good_slaves", () => replicas.GoodCount));
        section.AddLines(() => replicas.All.Select((replica, number) => Line(replica, number, replicas.NowMs)));
    }

    /// <summary>The lines that follow those of replicas, when all that they tell of is there.</summary>
    public static void AddHistory(ServerBuilder server)
    {
        InfoSection section = server.Info["Replication"];
        ReplicationHistory history = server.Get<ReplicationHistory>();
        ReplicationStream stream = server.Get<ReplicationStream>();
        ReplicationSettings settings = server.Get<ReplicationSettings>();
        CoordinatedFailover failover = server.Get<CoordinatedFailover>();
        section.Text("master_failover_state", () => failover.StateName);
        section.Text("master_replid", () => history.Id);
        section.Text("master_replid2", () => history.SecondId);
        section.Gauge("master_repl_offset", () => stream.End, FactUnit.Bytes);
        section.Gauge("second_repl_offset", () => history.SecondOffset);
        section.Gauge("repl_backlog_active", () => stream.IsOn ? 1 : 0);
        section.Gauge("repl_backlog_size", () => settings.BacklogSize.Value, FactUnit.Bytes);
        section.Gauge("repl_backlog_first_byte_offset", () => stream.IsOn ? stream.Start + 1 : NoOffset);
        section.Gauge("repl_backlog_histlen", () => stream.KeptSize, FactUnit.Bytes);
        section.Gauge("repl_backlog_disk_first_byte_offset", () => stream.IsOn ? stream.LoggedStart + 1 : NoOffset);
        section.Gauge("repl_backlog_disk_size", () => settings.BacklogDiskSize.Value, FactUnit.Bytes);
        section.Gauge("repl_backlog_disk_used", () => stream.SpilledBytes, FactUnit.Bytes);
        section.Gauge("repl_backlog_disk_replicas", () => stream.AwayCount);
        section.Text("repl_backlog_disk_status", () => stream.HasDiskFailed ? "err" : "ok");
    }

    private static void AddStatistics(InfoSection section, SyncStatistics statistics, Replicas replicas)
    {
        section.Counter("total_net_repl_output_bytes", () => replicas.SentBytes, FactUnit.Bytes);
        section.Counter("sync_full", () => statistics.FullCount);
        section.Counter("sync_partial_ok", () => statistics.PartialCount);
        section.Counter("sync_partial_err", () => statistics.RefusedPartialCount);
    }

    private static void WriteReplicas(MetricsText text, Replicas replicas)
    {
        if (replicas.Count == 0)
        {
            return;
        }
        (string Labels, Replica Replica)[] all = [.. replicas.All.Select(static replica => (LabelsOf(replica), replica))];
        text.Begin(s_offset);
        foreach ((string labels, Replica replica) in all)
        {
            text.Add(labels, replica.AcknowledgedEnd);
        }
        text.Begin(s_lag);
        foreach ((string labels, Replica replica) in all)
        {
            text.Add(labels, replica.LagSeconds(replicas.NowMs));
        }
    }

    private static string LabelsOf(Replica replica) => string.Join(
        ',',
        MetricsText.Label("slave_ip", replica.Host),
        MetricsText.Label("slave_port", replica.Options.Port.ToString(CultureInfo.InvariantCulture)),
        MetricsText.Label("slave_state", replica.StateName));

    private static Fact Line(Replica replica, int number, long nowMs) => Fact.Line(
        string.Create(CultureInfo.InvariantCulture, $"slave{number}"),
        string.Create(
            CultureInfo.InvariantCulture,
            $"ip={replica.Host},port={replica.Options.Port},state={replica.StateName},offset={replica.AcknowledgedEnd},"
            + $"lag={replica.LagSeconds(nowMs)}"));
}
