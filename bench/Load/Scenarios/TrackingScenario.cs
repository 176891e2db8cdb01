using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// What the server remembers of a million keys that one tracking client has read: resident size after minus before, by the count. The keys
/// do not exist, so nothing else takes memory.
/// </summary>
internal sealed class TrackingScenario : IScenario
{
    private const int KeyCount = 1_000_000;
    private const int Pipeline = 100;
    private const int RequestSizeMax = 64;
    private const double GoalBytes = 40;
    private const string Pattern = "GET key:{#:12}";

    public string Name => "tracking";
    public string Summary => "resident bytes per key that a tracking client has read, 1 million keys of 16 bytes";

    public void Run(Bench bench)
    {
        double[] bytes = [.. bench.Contenders.Select(contender => Measure(bench, contender))];
        bench.Report.Table(
            $"Resident bytes per tracked key, {Figures.Count(KeyCount)} keys of 16 bytes", "what", bench.Baseline.Name,
            bench.Candidate.Name, "goal").Add(
            "CLIENT TRACKING, one client", Figures.Number(bytes[0], 1), Figures.Number(bytes[1], 1),
            Figures.AtMost(bytes[1], GoalBytes, $"{GoalBytes}"));
    }

    private static double Measure(Bench bench, Contender contender)
    {
        RunningServer server = bench.Fleet.Start(contender);
        using PipeConnection connection = server.Connect();
        connection.Call("CLIENT TRACKING ON");
        byte[] request = new byte[Pipeline * RequestSizeMax];
        Read(connection, request, KeyCount / 100);
        connection.Call("FLUSHALL");
        long before = server.SettledResidentBytes();
        Read(connection, request, KeyCount);
        double perKey = (server.SettledResidentBytes() - before) / (double)KeyCount;
        string tracked = server.Info("tracking_total_keys");
        bench.Fleet.StopAll();
        bench.Say($"{contender.Name}: {Figures.Number(perKey, 1)} bytes per key, {tracked} keys");
        return perKey;
    }

    private static void Read(PipeConnection connection, byte[] request, int keyCount)
    {
        PatternSource source = new(Pattern);
        for (int key = 0; key < keyCount;)
        {
            int size = 0;
            for (int i = 0; i < Pipeline; i++)
            {
                size += source.Write(request.AsSpan(size), key++);
            }
            connection.Send(request.AsSpan(0, size));
            connection.ReadReplies(Pipeline);
        }
    }
}
