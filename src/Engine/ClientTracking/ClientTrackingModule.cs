using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Types;

namespace Bixbite.Engine.ClientTracking;

/// <summary>Keeps caches on the clients' side true.</summary>
public sealed class ClientTrackingModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new ClientTrackingSettings(settings));

    public override void Add(ServerBuilder server)
    {
        MemoryGauge memory = server.Get<MemoryGauge>();
        var tracking = new KeyTracking(
            server.Get<ChangeFeed>(), server.Get<SessionTable>(), server.Sessions, new TrackedKeys(server.Get<ValueContext>().Seed),
            server.Workspace)
        {
            Memory = memory,
        };
        server.AddPart(tracking);
        server.Get<CommandRunner>().ReadObserver = tracking;
        memory.AddTable(() => tracking.MemoryBytes);
        LongSetting keyCountMax = server.Get<ClientTrackingSettings>().KeyCountMax;
        ServerBuilder.Follow(keyCountMax, () => tracking.KeyCountMax = keyCountMax.Value);
        server.Info["Clients"].Gauge("tracking_clients", () => tracking.ClientCount);
        InfoSection stats = server.Info["Stats"];
        stats.Gauge("tracking_total_keys", () => tracking.KeyCount);
        stats.Gauge("tracking_total_items", () => tracking.ItemCount);
        stats.Gauge("tracking_total_prefixes", () => tracking.PrefixCount);
    }
}
