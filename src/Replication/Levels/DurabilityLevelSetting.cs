using System.Globalization;
using Bixbite.Configuration;

namespace Bixbite.Replication.Levels;

/// <summary>A level of durability: <c>none</c>, <c>local</c>, <c>replicas 2</c>, <c>replicas 2 1000</c>.</summary>
public sealed class DurabilityLevelSetting(string name) : ValueSetting<DurabilityLevel>(name, DurabilityLevel.None)
{
    private const string Problem = "must be none, local, or replicas with their number and a timeout in milliseconds";

    public override string Range => string.Create(
        CultureInfo.InvariantCulture, $"none, local, replicas 1 to {DurabilityLevel.ReplicaCountMax} and milliseconds");

    protected override string? Read(IReadOnlyList<string> words) => words switch
    {
        [var word] when Is(word, "none") => Keep(DurabilityLevel.None),
        [var word] when Is(word, "local") => Keep(DurabilityLevel.Local),
        [var word, var count] when Is(word, "replicas") => Read(count, "0"),
        [var word, var count, var timeout] when Is(word, "replicas") => Read(count, timeout),
        _ => Problem,
    };

    protected override string Format(DurabilityLevel value) => value.ToString();

    private string? Read(string count, string timeout) =>
        int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int replicaCount)
        && replicaCount is >= 1 and <= DurabilityLevel.ReplicaCountMax
        && long.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out long timeoutMs)
            ? Keep(new DurabilityLevel(IsLocal: false, replicaCount, timeoutMs))
            : Problem;

    private static bool Is(string word, string name) => word.Equals(name, StringComparison.OrdinalIgnoreCase);
}
