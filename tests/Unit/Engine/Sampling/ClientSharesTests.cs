using System.Text;
using Bixbite.Engine.Sampling;
using Xunit;

namespace Bixbite.Unit.Engine.Sampling;

public sealed class ClientSharesTests
{
    [Fact]
    public void Names_beyond_the_most_share_one()
    {
        var shares = new ClientShares();
        for (int i = 0; i < ClientShares.CountMax + 50; i++)
        {
            shares.Of(Encoding.ASCII.GetBytes($"name{i}")).Sample(1, weight: 1);
        }
        Assert.Equal(ClientShares.CountMax + 1, shares.All.Count());
        Assert.Same(shares.Of("another"u8), shares.Of("yet another"u8));
        Assert.Equal(ClientShares.Other, shares.Of("another"u8).Name);
        Assert.Equal("name3", shares.Of("name3"u8).Name);
    }

    [Fact]
    public void A_percentile_is_at_most_a_quarter_too_high()
    {
        var random = new Random(1);
        ClientShare share = new ClientShares().Of("a"u8);
        Assert.Equal(0, share.PercentileUs(50));
        List<long> all = [];
        for (int i = 0; i < 10_000; i++)
        {
            long us = (long)Math.Exp(random.NextDouble() * 17);
            all.Add(us);
            share.Sample(us, weight: 3);
        }
        all.Sort();
        foreach (int percent in (int[])[1, 50, 90, 99, 100])
        {
            long exact = all[Math.Max((all.Count * percent / 100) - 1, 0)];
            Assert.InRange(share.PercentileUs(percent), exact, (exact * 1.25) + 1);
        }
    }

    [Fact]
    public void Clients_without_a_name_share_one_and_long_names_count_by_their_beginning()
    {
        var shares = new ClientShares();
        Assert.Equal(ClientShares.None, shares.Of([]).Name);
        Assert.Same(shares.Of(Encoding.ASCII.GetBytes(new string('x', 64))), shares.Of(Encoding.ASCII.GetBytes(new string('x', 100))));
    }
}
