using System.Globalization;
using Bixbite.Configuration;
using Bixbite.Configuration.Themes;
using Bixbite.Engine.Lifecycle;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section about the process.</summary>
public sealed class ServerSection(ServerIdentity identity, Settings settings, AccessClock accessClock, IClock clock) : IInfoSection
{
    private static readonly InfoField<ServerSection>[] s_fields =
    [
        new("redis_version", ServerIdentity.RedisVersion),
        new("redis_git_sha1", ServerIdentity.Commit),
        // The build does not know whether there were changes besides.
        new("redis_git_dirty", 0),
        new("redis_build_id", ServerIdentity.BuildId),
        new("redis_mode", "standalone"),
        new("server_name", "bixbite"),
        new("bixbite_version", ServerIdentity.Version),
        new("os", section => section._systemName),
        new("arch_bits", 64),
        new("monotonic_clock", "POSIX clock_gettime"),
        new("multiplexing_api", "epoll"),
        new("atomicvar_api", "interlocked"),
        // No compiler of that family was used: Redis tells that as three zeros.
        new("gcc_version", "0.0.0"),
        new("process_id", _ => Environment.ProcessId),
        new("process_supervised", "no"),
        new("run_id", section => section._identity.RunId),
        new("tcp_port", section => section._settings.Network.Port.Value),
        new("server_time_usec", section => section._clock.UnixUs),
        new("uptime_in_seconds", section => section.UptimeSeconds),
        new("uptime_in_days", section => section.UptimeSeconds / (24 * 60 * 60)),
        new("hz", section => section._settings.Server.Hz.Value),
        new("configured_hz", section => section._settings.Server.Hz.Value),
        new("lru_clock", section => section._accessClock.LruNow),
        new("executable", section => section._identity.ExecutablePath),
        new("config_file", section => section._identity.ConfigPath),
        new("io_threads_active", section => section._settings.Network.IoThreads.Value > 1 ? 1 : 0),
    ];

    private readonly ServerIdentity _identity = identity;
    private readonly Settings _settings = settings;
    private readonly AccessClock _accessClock = accessClock;
    private readonly IClock _clock = clock;
    private readonly string _systemName = SystemName.Read();

    public string Heading => "Server";

    private long UptimeSeconds => (_clock.MonotonicUs - _identity.StartedUs) / 1_000_000;

    public void Append(InfoText text)
    {
        text.Lines(s_fields, this);
        NetworkSettings network = _settings.Network;
        if (network.Port.Value != 0)
        {
            string addresses = string.Concat(network.Bind.Value.Select(address => ",bind=" + address));
            text.Line("listener0", string.Create(CultureInfo.InvariantCulture, $"name=tcp{addresses},port={network.Port.Value}"));
        }
        if (network.UnixSocket.IsSet)
        {
            text.Line("listener1", "name=unix,bind=" + network.UnixSocket.Value);
        }
    }
}
