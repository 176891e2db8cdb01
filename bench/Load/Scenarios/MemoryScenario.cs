using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>Resident bytes per element at a million elements: resident size after minus before, by the count.</summary>
internal sealed class MemoryScenario : IScenario
{
    private const int ElementCount = 1_000_000;
    private const int KeyDigits = 8;

    private static readonly (string What, int Payload, double Goal, ICommandSource Source)[] s_dataSets =
    [
        ("string, 12-byte key, 64-byte value", 76, 106, new SetInOrder(KeyDigits, 64)),
        ("string, 12-byte key, 16-byte value", 28, 58, new SetInOrder(KeyDigits, 16)),
        ("integer counter with TTL", 20, 56, new CounterWithTtl(KeyDigits)),
        ("hash of 5 small fields, per key", 122, 175, new PatternSource(
            "HSET key:{#} field1 value:{#:10} field2 value:{#:10} field3 value:{#:10} field4 value:{#:10} field5 value:{#:10}")),
        ("one big hash, per field", 28, 52, new PatternSource("HSET hash key:{#} value:{#:10}")),
        ("one big set of 12-byte members", 12, 32, new PatternSource("SADD set key:{#}")),
        ("one big sorted set", 20, 55, new PatternSource("ZADD zset {?1000000} key:{#}")),
        ("one big list of 16-byte items", 16, 18.6, new PatternSource("RPUSH list item:{#:11}")),
    ];

    public string Name => "memory";
    public string Summary => "resident bytes per element at 1 million elements";

    public void Run(Bench bench)
    {
        Table table = bench.Report.Table(
            $"Resident bytes per element at {Figures.Count(ElementCount)} elements", "data set", "payload", bench.Baseline.Name,
            bench.Candidate.Name, "goal");
        foreach ((string what, int payload, double goal, ICommandSource source) in
            s_dataSets.Where(set => bench.Settings.IsWanted(set.What)))
        {
            double[] bytes = bench.Contenders.Select(contender => Measure(bench, contender, source)).ToArray();
            bench.Say($"{what}: {Figures.Number(bytes[0], 1)} and {Figures.Number(bytes[1], 1)} bytes");
            table.Add(
                what, $"{payload}", Figures.Number(bytes[0], 1), Figures.Number(bytes[1], 1),
                Figures.AtMost(bytes[1], goal, $"{goal}"));
        }
    }

    private static double Measure(Bench bench, Contender contender, ICommandSource source)
    {
        RunningServer server = bench.Fleet.Start(contender);
        long before = server.SettledResidentBytes();
        using (LoadRing ring = new(server.Port, connectionCount: 4, stepsPerBatch: 16))
        {
            ring.Run(source, ElementCount);
        }
        double perElement = (server.SettledResidentBytes() - before) / (double)ElementCount;
        bench.Fleet.StopAll();
        return perElement;
    }
}
