using Bixbite.Net;

namespace Bixbite.Hosting;

/// <summary>The duties of a loop besides serving connections. The first loop also runs the cron.</summary>
internal sealed class LoopDuties(GatewayServices services, Cron? cron) : ILoopUser
{
    public long EndTurn() => services.Log.EndRound();

    public int Tick()
    {
        services.Pinned.Collect();
        return cron?.Tick() ?? Cron.IdleTickMs;
    }
}
