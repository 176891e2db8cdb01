using Bixbite.Commands.Info.Sections;
using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;

namespace Bixbite.Hosting.Modules;

/// <summary>The clients that are connected: who they are, what they hold, and when the server closes them by itself.</summary>
internal sealed class SessionsModule : Module
{
    private const int PeriodMs = 100;

    public override void AddSettings(Settings settings) => settings.Add(new ClientSettings(settings));

    public override void Add(ServerBuilder server)
    {
        SessionTable sessions = server.Add(new SessionTable());
        MemoryGauge memory = server.Get<MemoryGauge>();
        ServerStatistics statistics = server.Get<ServerStatistics>();
        memory.AddClients(() => sessions.StateBytes);
        memory.AddExcused(() => sessions.LeavingBytes);
        ClientEviction eviction = server.Add(
            new ClientEviction(sessions, server.Sessions.Text, memory, statistics, server.Log, server.Clock));
        ClientSettings settings = server.Get<ClientSettings>();
        BytesSetting limit = settings.MaxMemoryClients;
        BytesSetting maxMemory = server.Get<MemorySettings>().MaxMemory;
        void ApplyLimit() => eviction.LimitBytes = ClientLimitBytes(limit, maxMemory.Bytes);
        ServerBuilder.Follow(limit, ApplyLimit);
        ServerBuilder.Follow(maxMemory, ApplyLimit);
        var idle = new IdleClients(sessions, settings, server.Log);
        server.AddCron(new CronTask(CronStage.Sampling, nowUs => CloseSome(nowUs / 1000, idle, eviction))
        {
            PeriodMs = PeriodMs,
            IgnoresLoading = true,
        });
        ClientFacts.AddTo(server);
    }

    /// <summary>A part of no limit is no limit.</summary>
    internal static long ClientLimitBytes(BytesSetting limit, long maxMemory)
    {
        if (limit.Value == 0 || (limit.Value < 0 && maxMemory == 0))
        {
            return 0;
        }
        return Math.Max(limit.BytesOf(maxMemory), ClientEviction.LimitMin);
    }

    private static long CloseSome(long nowMs, IdleClients idle, ClientEviction eviction)
    {
        idle.Run(nowMs);
        eviction.Run();
        return CronTask.Never;
    }
}
