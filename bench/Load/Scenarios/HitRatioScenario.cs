using System.Globalization;
using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// How often a key is there that Zipf's law asks for, with memory for a fifth of all: under each policy of eviction, once under the same
/// <c>maxmemory</c> in both servers (a fifth of the keys' and values' bytes, into which a smaller overhead fits more keys), and once with
/// a fifth of what all keys take in the server itself, so that both hold as many and only the choice of what to remove differs.
/// </summary>
internal sealed class HitRatioScenario : IScenario
{
    private const int KeyCount = 100_000;
    private const int KeySize = 12;
    private const int WarmUpCount = 300_000;
    private const int MeasuredCount = 300_000;
    private const double Exponent = 0.99;
    private const double Noise = 0.003;

    private static readonly string[] s_policies =
        ["allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"];

    private static readonly int[] s_valueSizes = [200, 1000];

    public string Name => "hit-ratio";
    public string Summary => "how often a key is there under Zipf's law with memory for a fifth of all, for each eviction policy";

    public void Run(Bench bench)
    {
        string theirs = bench.Baseline.Name;
        string ours = bench.Candidate.Name;
        Table table = bench.Report.Table(
            $"Hit ratio of {Figures.Count(KeyCount)} keys by Zipf's law ({Exponent}), memory for a fifth",
            "policy", "value, bytes", "limit",
            $"bytes per key: {theirs}", ours, $"keys: {theirs}", ours, $"hit ratio: {theirs}", ours, "goal");
        foreach (string policy in s_policies.Where(bench.Settings.IsWanted))
        {
            foreach (int valueSize in s_valueSizes)
            {
                Size[] sizes = [.. bench.Contenders.Select(contender => SizeOf(bench, contender, policy, valueSize))];
                long shared = KeyCount * (long)(KeySize + valueSize) / 5;
                Add("the same bytes", [shared, shared]);
                Add("a fifth of the whole", [.. sizes.Select(size => size.EmptyBytes + (size.KeyBytes / 5))]);

                void Add(string name, long[] limits)
                {
                    Outcome[] found = [.. bench.Contenders.Zip(
                        limits, (contender, limit) => Measure(bench, contender, policy, valueSize, limit))];
                    bench.Say($"{policy}, {valueSize} bytes, {name}: {found[0].HitRatio:F3} and {found[1].HitRatio:F3}");
                    table.Add(
                        policy, $"{valueSize}", name,
                        Figures.Number((double)sizes[0].KeyBytes / KeyCount, 0),
                        Figures.Number((double)sizes[1].KeyBytes / KeyCount, 0),
                        Figures.Count(found[0].KeyCount),
                        Figures.Count(found[1].KeyCount),
                        Figures.Number(found[0].HitRatio, 3),
                        Figures.Number(found[1].HitRatio, 3),
                        Figures.AtLeast(found[1].HitRatio, found[0].HitRatio - Noise, Figures.Number(found[0].HitRatio, 3)));
                }
            }
        }
    }

    private static bool IsVolatile(string policy) => policy.StartsWith("volatile", StringComparison.Ordinal);

    /// <summary>What all keys take together, and what is in use without any.</summary>
    private static Size SizeOf(Bench bench, Contender contender, string policy, int valueSize)
    {
        RunningServer server = bench.Fleet.Start(contender);
        long empty = server.Number("used_memory");
        using (PipeConnection connection = server.Connect())
        {
            new CacheAside(connection, valueSize, IsVolatile(policy)).Fill(KeyCount);
        }
        long full = server.Number("used_memory");
        bench.Fleet.StopAll();
        return new Size(empty, full - empty);
    }

    private static Outcome Measure(Bench bench, Contender contender, string policy, int valueSize, long limit)
    {
        RunningServer server = bench.Fleet.Start(contender, "--maxmemory", $"{limit}", "--maxmemory-policy", policy);
        using PipeConnection connection = server.Connect();
        CacheAside cache = new(connection, valueSize, IsVolatile(policy));
        ZipfKeys keys = new(KeyCount, Exponent, seed: 1);
        cache.Run(keys, bench.Scaled(WarmUpCount));
        int count = bench.Scaled(MeasuredCount);
        long hits = cache.Run(keys, count);
        long keyCount = long.Parse(server.Call("DBSIZE"), CultureInfo.InvariantCulture);
        bench.Fleet.StopAll();
        return new Outcome((double)hits / count, keyCount);
    }

    private readonly record struct Size(long EmptyBytes, long KeyBytes);

    private readonly record struct Outcome(double HitRatio, long KeyCount);
}
