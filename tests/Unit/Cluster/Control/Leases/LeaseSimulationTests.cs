using System.Globalization;
using Xunit;

namespace Bixbite.Unit.Cluster.Control.Leases;

/// <summary>
/// The argument of docs/CLUSTER.md, run: whatever happens to messages, nodes and clocks, two primaries never serve a shard at once, and a
/// write that a replica has acknowledged in time is not lost. BIXBITE_LEASE_SCHEDULES says how many schedules are tried.
/// </summary>
public sealed class LeaseSimulationTests
{
    private const int SecondsEach = 20;

    private static int Schedules => int.TryParse(
        Environment.GetEnvironmentVariable("BIXBITE_LEASE_SCHEDULES"), CultureInfo.InvariantCulture, out int count) ? count : 1000;

    [Fact]
    public void NoScheduleMakesTwoPrimariesOrLosesAnAcknowledgedWrite()
    {
        int failovers = 0;
        int acknowledged = 0;
        for (int seed = 0; seed < Schedules; seed++)
        {
            var world = new LeaseWorld(seed, LeftOut.Nothing);
            world.Run(SecondsEach);
            Assert.True(world.Fault is null, $"seed {seed}: {world.Fault}");
            failovers += world.FailoverCount;
            acknowledged += world.AcknowledgedCount;
        }
        Assert.True(failovers > Schedules / 10, $"only {failovers} failovers in {Schedules} schedules");
        Assert.True(acknowledged > 5 * Schedules, $"only {acknowledged} writes were acknowledged");
    }

    [Theory]
    [InlineData((int)LeftOut.LeaseOfRequests)]
    [InlineData((int)LeftOut.LeaseOfAcknowledgements)]
    [InlineData((int)LeftOut.Barrier)]
    public void WhatIsLeftOutIsFound(int leftOut)
    {
        for (int seed = 0; seed < Schedules; seed++)
        {
            var world = new LeaseWorld(seed, (LeftOut)leftOut);
            world.Run(SecondsEach);
            if (world.Fault is not null)
            {
                return;
            }
        }
        Assert.Fail($"{Schedules} schedules without {(LeftOut)leftOut}, and no fault");
    }
}
