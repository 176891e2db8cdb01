using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Sampling;

namespace Bixbite.Commands.Info.Sections;

/// <summary>The work of clients, by name and by user.</summary>
public static class ClientShareFacts
{
    public static void AddTo(ServerBuilder server)
    {
        ClientStatistics statistics = server.Get<ClientStatistics>();
        InfoSection section = server.Info["Clientstats"];
        section.AddTable(TableOf("clientname_", "name", () => statistics.ByName));
        section.AddTable(TableOf("clientuser_", "user", () => statistics.ByUser));
    }

    private static FactTable TableOf(string prefix, string label, Func<IEnumerable<ClientShare>> shares) => new(
        prefix,
        label,
        new FactColumn("calls", FactKind.Counter),
        new FactColumn("usec", FactKind.Counter, FactUnit.Microseconds),
        new FactColumn("mean_usec", FactKind.Gauge, FactUnit.Microseconds),
        new FactColumn("errors", FactKind.Counter),
        new FactColumn("p50_usec", FactKind.Gauge, FactUnit.Microseconds),
        new FactColumn("p99_usec", FactKind.Gauge, FactUnit.Microseconds))
    {
        Rows = () => shares().Select(RowOf),
    };

    private static FactRow RowOf(ClientShare share) => new(
        InfoText.Safe(share.Name),
        new FactValue(share.Calls),
        new FactValue(share.DurationUs),
        new FactValue(share.Calls == 0 ? 0 : (double)share.DurationUs / share.Calls),
        new FactValue(share.Errors),
        new FactValue(share.PercentileUs(50)),
        new FactValue(share.PercentileUs(99)));
}
