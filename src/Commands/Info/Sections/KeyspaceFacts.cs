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
        server.Info["Keyspace"].AddLines(() => databases.InOrder().Where(static database => database.Count > 0).Select(database =>
            Fact.Line(
                string.Create(CultureInfo.InvariantCulture, $"db{database.Number}"), Describe(database, random, server.Clock.UnixMs))));
    }

    /// <summary>Releases before 7.4 know nothing of fields that expire, so that part is there only where some do.</summary>
    private static string Describe(Database database, Random random, long nowMs)
    {
        long ttlMs = database.SampleTtlMs(random, nowMs);
        string keys = string.Create(
            CultureInfo.InvariantCulture, $"keys={database.Count},expires={database.VolatileCount},avg_ttl={ttlMs}");
        return database.FieldVolatileCount == 0
            ? keys
            : string.Create(CultureInfo.InvariantCulture, $"{keys},subexpiry={database.FieldVolatileCount}");
    }
}
