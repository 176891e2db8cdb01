using System.Globalization;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Keyspace;

namespace Bixbite.Commands.Info.Sections;

/// <summary>The keys of each database; empty ones are left out. The mean time to live is an estimate.</summary>
public static class KeyspaceFacts
{
    public static void AddTo(ServerBuilder server)
    {
        Databases databases = server.Get<Databases>();
        var random = new Random();
        FactTable table = new(
            "db",
            "database",
            new FactColumn("keys", FactKind.Gauge),
            new FactColumn("expires", FactKind.Gauge),
            new FactColumn("avg_ttl", FactKind.Gauge, FactUnit.Milliseconds),
            new FactColumn("subexpiry", FactKind.Gauge))
        {
            Rows = () => databases.InOrder().Where(static database => database.Count > 0)
                .Select(database => RowOf(database, random, server.Clock.UnixMs)),
        };
        server.Info["Keyspace"].AddTable(table);
    }

    /// <summary>Releases before 7.4 know nothing of fields that expire, so that part is there only where some do.</summary>
    private static FactRow RowOf(Database database, Random random, long nowMs) => new(
        database.Number.ToString(CultureInfo.InvariantCulture),
        new FactValue(database.Count),
        new FactValue(database.VolatileCount),
        new FactValue(database.SampleTtlMs(random, nowMs)),
        database.FieldVolatileCount == 0 ? null : new FactValue(database.FieldVolatileCount));
}
