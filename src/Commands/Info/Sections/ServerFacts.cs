using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Metrics;
using Bixbite.Engine.Modules;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Commands.Info.Sections;

/// <summary>The facts of the process.</summary>
public static class ServerFacts
{
    public static void AddTo(ServerBuilder server)
    {
        InfoSection section = server.Info["Server"];
        ServerIdentity identity = server.Get<ServerIdentity>();
        AccessClock access = server.Get<AccessClock>();
        ServerSettings settings = server.Get<ServerSettings>();
        IClock clock = server.Clock;
        string systemName = SystemName.Read();
        Func<long> uptimeSeconds = () => (clock.MonotonicUs - identity.StartedUs) / 1_000_000;
        section.Text("redis_version", ServerIdentity.RedisVersion);
        section.Text("redis_git_sha1", ServerIdentity.Commit);
        // The build does not know whether there were changes besides.
        section.Fixed(0, "redis_git_dirty");
        section.Text("redis_build_id", ServerIdentity.BuildId);
        section.Text("redis_mode", server.Get<Databases>().HasSlots ? "cluster" : "standalone");
        section.Text("server_name", "bixbite");
        section.Text("bixbite_version", ServerIdentity.Version);
        section.Text("os", () => systemName);
        section.Fixed(64, "arch_bits");
        section.Text("monotonic_clock", OperatingSystem.IsWindows() ? "QueryPerformanceCounter" : "POSIX clock_gettime");
        section.Text("atomicvar_api", "interlocked");
        // No compiler of that family was used: Redis tells that as three zeros.
        section.Text("gcc_version", "0.0.0");
        section.Gauge("process_id", () => Environment.ProcessId);
        section.Text("process_supervised", identity.Supervisor switch
        {
            Supervisor.Systemd => "systemd",
            Supervisor.Upstart => "upstart",
            _ => "no",
        });
        section.Text("run_id", () => identity.RunId);
        section.Gauge("server_time_usec", () => clock.UnixUs, FactUnit.Microseconds);
        section.Counter("uptime_in_seconds", () => uptimeSeconds(), FactUnit.Seconds);
        section.Counter("uptime_in_days", () => uptimeSeconds() / (24 * 60 * 60));
        section.Gauge("hz", () => settings.Hz.Value);
        section.Gauge("configured_hz", () => settings.Hz.Value);
        section.Gauge("lru_clock", () => access.LruNow);
        section.Text("executable", () => identity.ExecutablePath);
        section.Text("config_file", () => identity.ConfigPath);
        server.Get<MetricSources>().Add(new ServerMetrics(server.Get<FactMetrics>(), identity, server.Settings, clock).WriteTo);
    }
}
