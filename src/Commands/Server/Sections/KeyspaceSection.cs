using System.Globalization;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Commands.Server.Sections;

/// <summary>INFO's section of what each database holds; empty ones are left out. The mean time to live is an estimate.</summary>
public sealed class KeyspaceSection(Databases databases, IClock clock) : IInfoSection
{
    private readonly Random _random = new();

    public string Heading => "Keyspace";

    public void Append(InfoText text)
    {
        foreach (Database database in databases.All)
        {
            if (database.Count > 0)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"db{database.Number}");
                long ttlMs = database.SampleTtlMs(_random, clock.UnixMs);
                text.Line(name, string.Create(
                    CultureInfo.InvariantCulture,
                    $"keys={database.Count},expires={database.VolatileCount},avg_ttl={ttlMs},subexpiry={database.FieldVolatileCount}"));
            }
        }
    }
}
