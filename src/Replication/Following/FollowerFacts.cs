using System.Globalization;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;

namespace Bixbite.Replication.Following;

/// <summary>The facts of a replica for INFO.</summary>
internal static class FollowerFacts
{
    private const long NoPosition = 1;

    /// <summary>A replica that has so many bytes of changes still to apply is some tenths of a second behind.</summary>
    private const long ReadyUnappliedMax = 32 << 20;

    public static void AddTo(ServerBuilder server)
    {
        Follower follower = server.Get<Follower>();
        InfoSection section = server.Info["Replication"];
        FollowerTools tools = server.Get<FollowerTools>();
        section.While(() => follower.State != FollowState.None, () => AddLink(section, follower, tools));
        section.While(() => follower.State == FollowState.Receiving, () => AddTransfer(section, follower, tools));
        section.While(
            () => follower.State is not (FollowState.None or FollowState.Connected),
            () => section.Gauge("master_link_down_since_seconds", () => follower.DownSeconds, FactUnit.Seconds));
        section.While(() => follower.State != FollowState.None, () => AddSettings(section, server.Get<FollowingSettings>()));
        server.Get<Readiness>().Add(() => ReasonNotToRead(follower, tools));
        server.Info["Stats"].Counter("total_net_repl_input_bytes", () => follower.ReadBytes, FactUnit.Bytes);
    }

    /// <summary>Why a replica should be read by nobody: what it has is old.</summary>
    private static string? ReasonNotToRead(Follower follower, FollowerTools tools) => follower.State switch
    {
        FollowState.None => null,
        FollowState.Connected => Unapplied(follower, tools) is var size && size <= ReadyUnappliedMax
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{size} bytes of changes that came from the primary are not applied yet."),
        FollowState.Receiving => "The data of the primary is being received.",
        _ => "There is no link to the primary.",
    };

    private static void AddLink(InfoSection section, Follower follower, FollowerTools tools)
    {
        section.Text("master_host", () => follower.Address!.Host);
        section.Gauge("master_port", () => follower.Address!.Port);
        section.Text("master_link_status", () => follower.State == FollowState.Connected ? "up" : "down");
        section.Gauge("master_last_io_seconds_ago", () => follower.State == FollowState.Connected ? SilentSeconds(follower, tools) : -1);
        section.Gauge("master_sync_in_progress", () => follower.State == FollowState.Receiving ? 1 : 0);
        section.Gauge("slave_read_repl_offset", () => Position(follower) + Unapplied(follower, tools), FactUnit.Bytes);
        section.Gauge("slave_repl_offset", () => Position(follower), FactUnit.Bytes);
    }

    private static void AddTransfer(InfoSection section, Follower follower, FollowerTools tools)
    {
        section.Gauge("master_sync_total_bytes", () => Total(follower), FactUnit.Bytes);
        section.Gauge("master_sync_read_bytes", () => Read(follower), FactUnit.Bytes);
        section.Gauge("master_sync_left_bytes", () => Total(follower) - Read(follower), FactUnit.Bytes);
        section.Text("master_sync_perc", () => (Total(follower) == 0 ? 0 : 100.0 * Read(follower) / Total(follower))
            .ToString("0.00", CultureInfo.InvariantCulture));
        section.Gauge("master_sync_last_io_seconds_ago", () => SilentSeconds(follower, tools), FactUnit.Seconds);
    }

    private static void AddSettings(InfoSection section, FollowingSettings settings)
    {
        section.Gauge("slave_priority", () => settings.Priority.Value);
        section.Gauge("slave_read_only", () => settings.IsReadOnly.Value ? 1 : 0);
        section.Gauge("replica_announced", () => settings.IsAnnounced.Value ? 1 : 0);
    }

    private static long Position(Follower follower) => follower.End < 0 ? NoPosition : follower.End;

    private static long Unapplied(Follower follower, FollowerTools tools) => follower.Connection is { Session: not null } connection
        ? tools.Applier.PendingSize + connection.LeftSize
        : 0;

    private static long Total(Follower follower) => follower.Connection?.Reception?.TotalSize ?? 0;

    private static long Read(Follower follower) => follower.Connection?.Reception?.ReadSize ?? 0;

    private static long SilentSeconds(Follower follower, FollowerTools tools) =>
        follower.Connection is { } connection ? Math.Max(tools.NowMs - connection.LastHeardMs, 0) / 1000 : -1;
}
