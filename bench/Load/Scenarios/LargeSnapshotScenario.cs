using Bixbite.Load.Client;
using Bixbite.Load.Reporting;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// BGSAVE and BGREWRITEAOF of large values, with and without a client that writes to random places within them: how long another client's
/// PING waits at most, how long a write does, and how much memory comes on top. All threads of a server share one core, so a PING may wait
/// for the one that writes the file, or for other work of the machine: the time in which the thread was ready but not on the core is taken
/// off beside.
/// </summary>
internal sealed class LargeSnapshotScenario : IScenario
{
    private const double GoalMs = 5;
    private const double GoalBytes = 64e6;
    private const int PauseMs = 5;

    private static readonly (string What, string Command, string Field, string Status, string Cow)[] s_snapshots =
    [
        ("save", "BGSAVE", "rdb_bgsave_in_progress", "rdb_last_bgsave_status", "rdb_last_cow_size"),
        ("rewrite", "BGREWRITEAOF", "aof_rewrite_in_progress", "aof_last_bgrewrite_status", "aof_last_cow_size"),
    ];

    public string Name => "snapshot-large";
    public string Summary => "BGSAVE and BGREWRITEAOF of large values: longest wait of another client, memory";

    public void Run(Bench bench)
    {
        Table table = bench.Report.Table(
            "Snapshots of large values: longest wait of another client's PING, and memory on top",
            "values", "what", "server", "idle, ms", "without waiting for the core", "with writes, ms", "without waiting for the core",
            "goal",
            "CPU in between at most, ms", "longest write, ms",
            "without waiting for the core", "goal", "writes a second", "extra at most, MB", "goal", "cow size, MB", "s");
        foreach (LargeValues values in LargeValues.All(bench.Scaled).Where(values => bench.Settings.IsWanted(values.Name)))
        {
            foreach (Contender contender in bench.Contenders)
            {
                Measure(bench, table, contender, values);
                bench.Fleet.StopAll();
            }
        }
    }

    private static void Measure(Bench bench, Table table, Contender contender, LargeValues values)
    {
        RunningServer server = bench.Fleet.Start(contender);
        using ThreadCpu cpu = server.BusiestThread();
        values.Fill(server);
        foreach ((string what, string command, string field, string status, string cow) in s_snapshots)
        {
            long usual = server.SettledResidentBytes();
            long began = Environment.TickCount64;
            WaitTimes idle = Watch(null);
            double seconds = (Environment.TickCount64 - began) / 1000.0;
            began = Environment.TickCount64;
            WaitTimes busy = Watch(values.Change);
            double busySeconds = (Environment.TickCount64 - began) / 1000.0;
            long extra = Math.Max(idle.MostBytes, busy.MostBytes) - usual;
            bool isJudged = contender == bench.Candidate;
            table.Add(
                values.Name, what, contender.Name,
                Figures.Number(idle.PingMs, 2),
                Figures.Number(idle.OwnPingMs, 2),
                Figures.Number(busy.PingMs, 2),
                Figures.Number(busy.OwnPingMs, 2),
                isJudged ? Figures.AtMost(Math.Max(idle.OwnPingMs, busy.OwnPingMs), GoalMs, "5 ms") : "",
                Figures.Number(Math.Max(idle.CpuMs, busy.CpuMs), 2),
                Figures.Number(busy.WriteMs, 2),
                Figures.Number(busy.OwnWriteMs, 2),
                isJudged && !values.IsReplaced ? Figures.AtMost(busy.OwnWriteMs, GoalMs, "5 ms") : "",
                Figures.Number(busy.WriteCount / busySeconds, 0),
                Figures.Megabytes(extra),
                isJudged && !values.IsReplaced ? Figures.AtMost(extra, GoalBytes, "64 MB") : "",
                Figures.Megabytes(server.Number(cow)),
                Figures.Number(seconds, 1));
            bench.Say($"{values.Name}, {what}, {contender.Name}: idle {Figures.Number(idle.PingMs, 2)} ms, with {busy.WriteCount} writes " +
                $"{Figures.Number(busy.PingMs, 2)} ms, " +
                $"own {Figures.Number(idle.OwnPingMs, 2)} and {Figures.Number(busy.OwnPingMs, 2)} " +
                $"(write {Figures.Number(busy.WriteMs, 2)} ms, own {Figures.Number(busy.OwnWriteMs, 2)}), CPU " +
                $"{Figures.Number(idle.CpuMs, 2)} and {Figures.Number(busy.CpuMs, 2)} ms, {Figures.Megabytes(extra)} MB more, " +
                $"cow {Figures.Megabytes(server.Number(cow))} MB");

            WaitTimes Watch(Func<byte[]>? writes)
            {
                using PingWatch watch = new(server, cpu, writes);
                watch.Run(command, () => server.Info(field) != "0");
                if (server.Info(status) != "ok")
                {
                    throw new IOException($"{contender.Name}: {command} of {values.Name} failed");
                }
                Thread.Sleep(PauseMs);
                return watch.Times;
            }
        }
    }
}
