using System.Diagnostics;
using System.Globalization;
using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// Whether memory that was freed goes back: strings of varied sizes fill the server, nine of ten are deleted in no order, and ten seconds
/// later it is asked what it still takes, while a client sends PING after PING. A baseline that cannot defragment has one row only.
/// </summary>
internal sealed class ChurnScenario : IScenario
{
    private const int KeyCount = 300_000;
    private const int KeyDigits = 8;
    private const int WatchMs = 10_000;
    private const double SlackBytes = 15e6;
    private const double GoalFactor = 1.3;
    private const double LongPingMs = 1;

    public string Name => "churn";
    public string Summary => "300,000 strings of varied sizes, nine of ten deleted: what is resident 10 s later, and PING meanwhile";

    public void Run(Bench bench)
    {
        Table table = bench.Report.Table(
            "Memory given back: nine of ten strings of 8 to 500 bytes deleted, 10 s later", "server", "filled, MB", "used, MB",
            "resident at once, MB", "resident, MB", "goal", "PING p99.9, ms", "PING largest, ms", "longer than 1 ms");
        foreach (Contender contender in bench.Contenders)
        {
            foreach (string setting in (string[])["no", "yes"])
            {
                RunningServer server = bench.Fleet.Start(contender);
                if (!TrySet(server, setting))
                {
                    bench.Say($"{contender.Name}: activedefrag {setting} is refused");
                    bench.Fleet.StopAll();
                    continue;
                }
                Outcome outcome = Measure(server, bench.Scaled(KeyCount));
                bench.Fleet.StopAll();
                double goalBytes = (outcome.UsedBytes * GoalFactor) + SlackBytes;
                bool isJudged = contender == bench.Candidate && setting == "yes";
                bench.Say($"{contender.Name}, activedefrag {setting}: {Figures.Megabytes(outcome.ResidentBytes)} MB");
                table.Add(
                    $"{contender.Name}, `activedefrag {setting}`",
                    Figures.Megabytes(outcome.FilledBytes),
                    Figures.Megabytes(outcome.UsedBytes),
                    Figures.Megabytes(outcome.ResidentAtOnceBytes),
                    Figures.Megabytes(outcome.ResidentBytes),
                    isJudged ? Figures.AtMost(outcome.ResidentBytes, goalBytes, $"{Figures.Megabytes(goalBytes)} MB") : "",
                    Figures.Number(outcome.PingsMs[(int)(outcome.PingsMs.Length * 0.999)], 2),
                    Figures.Number(outcome.PingsMs[^1], 2),
                    Figures.Count(outcome.PingsMs.Count(ms => ms > LongPingMs)));
            }
        }
    }

    private static bool TrySet(RunningServer server, string setting)
    {
        try
        {
            using PipeConnection connection = server.Connect();
            connection.Call($"CONFIG SET activedefrag {setting}");
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Outcome Measure(RunningServer server, int keyCount)
    {
        int[] order = [.. Enumerable.Range(0, keyCount)];
        new Random(7).Shuffle(order);
        using (LoadRing ring = new(server.Port, connectionCount: 10, stepsPerBatch: 16))
        {
            ring.Run(new SetOfVariedSize(), keyCount);
        }
        long filled = server.ResidentBytes;
        using (LoadRing ring = new(server.Port, connectionCount: 10, stepsPerBatch: 16))
        {
            ring.Run(new DeleteInOrder(order), keyCount / 10 * 9);
        }
        long atOnce = server.ResidentBytes;
        double[] pings = Ping(server);
        return new Outcome(filled, UsedBytes(server), atOnce, server.ResidentBytes, pings);
    }

    /// <summary>How long PING took, again and again, sorted.</summary>
    private static double[] Ping(RunningServer server)
    {
        using PipeConnection connection = server.Connect(spins: true);
        var pings = new List<double>();
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started).TotalMilliseconds < WatchMs;)
        {
            long sent = Stopwatch.GetTimestamp();
            connection.Send("*1\r\n$4\r\nPING\r\n"u8);
            connection.ReadReplies(1);
            pings.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        pings.Sort();
        return [.. pings];
    }

    private static long UsedBytes(RunningServer server)
    {
        using PipeConnection connection = server.Connect();
        string line = connection.Call("INFO memory").Split("\r\n").First(text => text.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line[(line.IndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }

    private readonly record struct Outcome(
        long FilledBytes, long UsedBytes, long ResidentAtOnceBytes, long ResidentBytes, double[] PingsMs);

    /// <summary>Values of 8 to 500 bytes, small ones as often as large ones.</summary>
    private sealed class SetOfVariedSize : ICommandSource
    {
        private static readonly byte[] s_value = [.. Enumerable.Repeat((byte)'v', 500)];

        public int Write(Span<byte> target, int step)
        {
            // The sizes are spread over their logarithm, the same in every run.
            double share = step * 0.6180339887498949 % 1;
            int size = (int)(8 * Math.Pow(s_value.Length / 8.0, share));
            var text = new RequestText(target);
            text.Raw("*3\r\n$3\r\nSET\r\n"u8);
            text.Bulk("key:"u8, step, KeyDigits);
            text.Bulk(s_value.AsSpan(0, size));
            return text.Size;
        }
    }

    private sealed class DeleteInOrder(int[] order) : ICommandSource
    {
        public int Write(Span<byte> target, int step)
        {
            var text = new RequestText(target);
            text.Raw("*2\r\n$3\r\nDEL\r\n"u8);
            text.Bulk("key:"u8, order[step], KeyDigits);
            return text.Size;
        }
    }
}
