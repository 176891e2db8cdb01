using Bixbite.Engine.Statistics;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>Takes the readings that are only worth something when taken regularly: rates per second and the peak of memory.</summary>
internal sealed class Sampling(InstantRates rates, MemoryGauge memory, ServerStatistics statistics, IClock clock)
{
    public void Run()
    {
        rates.Sample(clock.MonotonicUs);
        memory.Sample(clock.UnixMs / 1000);
    }

    /// <summary>The cron has taken so many microseconds.</summary>
    public void NoteTick(long us) => statistics.CronUs += us;
}
