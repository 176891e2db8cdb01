using System.Globalization;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section of what each database holds; empty ones are left out. The mean time to live is an estimate.</summary>
public sealed class KeyspaceSection(Databases databases, IClock clock) : IInfoSection
{
    private readonly Random _random = new();

    public string Heading => "Keyspace";

    public void Append(InfoText text)
    {
        foreach (Database database in databases.InOrder())
        {
            if (database.Count > 0)
            {
                text.Line(string.Create(CultureInfo.InvariantCulture, $"db{database.Number}"), Describe(database));
            }
        }
    }

    /// <summary>Releases before 7.4 know nothing of fields that expire, so that part is there only where some do.</summary>
    private string Describe(Database database)
    {
        long ttlMs = database.SampleTtlMs(_random, clock.UnixMs);
        string keys = string.Create(
            CultureInfo.InvariantCulture, $"keys={database.Count},expires={database.VolatileCount},avg_ttl={ttlMs}");
        return database.FieldVolatileCount == 0
            ? keys
            : string.Create(CultureInfo.InvariantCulture, $"{keys},subexpiry={database.FieldVolatileCount}");
    }
}
