using Bixbite.Commands.Info.Sections;
using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Metrics;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Observability;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sampling;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;

namespace Bixbite.Hosting.Modules;

/// <summary>Everything that counts, times and logs what commands do, and what the server tells of itself by it.</summary>
internal sealed class ObservabilityModule : Module
{
    private const int SamplingPeriodMs = 100;

    public override void AddSettings(Settings settings)
    {
        settings.Add(new ObservabilitySettings(settings));
        settings.Add(new HotKeySettings(settings));
    }

    public override void Add(ServerBuilder server)
    {
        ServerStatistics statistics = server.Add(new ServerStatistics());
        NetworkStatistics network = server.Add(new NetworkStatistics());
        InstantRates rates = server.Add(new InstantRates(statistics, network));
        MonitorClients monitors = server.AddPart(new MonitorClients());
        CommandLogs logs = server.Add(new CommandLogs());
        LatencyMonitor latency = server.Add(new LatencyMonitor());
        RequestSampler sampler = server.Add(new RequestSampler(server.Clock, (ulong)Random.Shared.NextInt64()));
        CommandRecorder recorder = server.Add(
            new CommandRecorder(statistics, logs, latency, monitors, sampler, server.Get<CommandTime>(), server.Clock));
        ObservabilitySettings values = server.Get<ObservabilitySettings>();
        Follow(logs.Slow, values.SlowlogSlowerThanUs, values.SlowlogMaxLength);
        Follow(logs.LargeRequests, values.LargeRequestSize, values.LargeRequestMaxLength);
        Follow(logs.LargeReplies, values.LargeReplySize, values.LargeReplyMaxLength);
        ServerBuilder.Follow(values.LatencyMonitorThresholdMs, () => latency.ThresholdMs = values.LatencyMonitorThresholdMs.Value);
        ServerBuilder.Follow(values.LatencyTracking, () => recorder.IsTracking = values.LatencyTracking.Value);
        server.AddPart(sampler.Clients);
        server.Get<KeyspaceStatistics>().ResetOthers += sampler.Clients.Reset;
        BigKeys bigKeys = server.Add(new BigKeys(server.Get<Databases>()));
        Follow(sampler, server.Get<HotKeySettings>());
        Follow(bigKeys, server);
        MemoryGauge memory = server.Get<MemoryGauge>();
        server.AddCron(new CronTask(CronStage.Sampling, nowUs => Sample(nowUs, rates, memory, server))
        {
            PeriodMs = SamplingPeriodMs,
            IgnoresLoading = true,
        });
        server.AddCron(new CronTask(CronStage.Sampling, nowUs => Tick(nowUs, sampler))
        {
            PeriodMs = SamplingPeriodMs,
            IgnoresLoading = true,
        });
        AddFacts(server);
        AddMetrics(server, logs.Slow, latency);
    }

    /// <summary>The facts of all modules, and what is no fact.</summary>
    private static void AddMetrics(ServerBuilder server, CommandLog slow, LatencyMonitor latency)
    {
        MetricSources metrics = server.Get<MetricSources>();
        metrics.Add(server.Get<FactMetrics>().WriteTo);
        metrics.Add(new ObservabilityMetrics(slow, latency).WriteTo);
        metrics.Add(new LatencyMetrics(server.Get<CommandTable>(), server.Get<ObservabilitySettings>()).WriteTo);
    }

    public override void Connect(ServerBuilder server) => server.Get<ClientStatistics>().Sessions = server.Get<SessionTable>();

    private static void Follow(CommandLog log, LongSetting threshold, LongSetting capacity)
    {
        ServerBuilder.Follow(threshold, () => log.Threshold = threshold.Value);
        ServerBuilder.Follow(capacity, () => log.Capacity = (int)Math.Min(capacity.Value, int.MaxValue));
    }

    private static void Follow(RequestSampler sampler, HotKeySettings values)
    {
        ServerBuilder.Follow(values.Statistics, () => sampler.IsOn = values.Statistics.Value);
        ServerBuilder.Follow(values.SamplingPercentage, () => sampler.HotKeys.RatioMax = 100 / values.SamplingPercentage.Value);
        ServerBuilder.Follow(values.WindowSeconds, () => sampler.HotKeys.WindowSeconds = values.WindowSeconds.Value);
    }

    private static void Follow(BigKeys bigKeys, ServerBuilder server)
    {
        Databases databases = server.Get<Databases>();
        ChangeFeed changes = server.Get<ChangeFeed>();
        BoolSetting isOn = server.Get<HotKeySettings>().Statistics;
        ServerBuilder.Follow(isOn, () =>
        {
            databases.LargeValues = isOn.Value ? bigKeys : null;
            changes.Sampler = databases.LargeValues is null ? null : bigKeys;
            if (!isOn.Value)
            {
                bigKeys.Clear();
            }
        });
    }

    private static long Tick(long nowUs, RequestSampler sampler)
    {
        sampler.Tick(nowUs);
        return CronTask.Never;
    }

    private static void AddFacts(ServerBuilder server)
    {
        CpuFacts.AddTo(server);
        StatsFacts.AddTo(server);
        CommandFacts.AddTo(server);
        SamplingFacts.AddTo(server);
        ClientShareFacts.AddTo(server);

        // There are no loaded modules, but tools look for the heading.
        _ = server.Info["Modules"];
    }

    /// <summary>Takes the readings that are only worth something when taken regularly: rates per second and the peak of memory.</summary>
    private static long Sample(long nowUs, InstantRates rates, MemoryGauge memory, ServerBuilder server)
    {
        rates.Sample(nowUs);
        memory.Sample(server.Clock.UnixMs / 1000);
        return CronTask.Never;
    }
}
