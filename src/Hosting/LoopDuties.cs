using Bixbite.Engine.Requests;
using Bixbite.Net;

namespace Bixbite.Hosting;

/// <summary>The duties of a loop besides serving connections. The first loop also runs the cron.</summary>
internal sealed class LoopDuties(Rounds rounds, Cron? cron) : ILoopUser
{
    public ReadOnlySpan<long> EndTurn() => rounds.EndTurn();

    public int Tick() => cron?.Tick() ?? Cron.IdleTickMs;
}
