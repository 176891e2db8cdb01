namespace Bixbite.Load.Servers;

/// <summary>Processor time of a process, in the clock ticks the kernel reports (10 ms).</summary>
internal readonly record struct CpuTime(double UserUs, double SystemUs)
{
    public double TotalUs => UserUs + SystemUs;

    public CpuTime Since(CpuTime earlier) => new(UserUs - earlier.UserUs, SystemUs - earlier.SystemUs);

    public CpuTime Per(long count) => new(UserUs / count, SystemUs / count);
}
