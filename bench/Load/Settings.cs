using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Bixbite.Load.Scenarios;

namespace Bixbite.Load;

/// <summary>What the command line asks for.</summary>
internal sealed class Settings
{
    /// <summary>Names of the scenarios to run; empty means all of them.</summary>
    public IReadOnlyList<string> Scenarios { get; private set; } = [];

    /// <summary>Parts of the names of rows to run, where a scenario has many; empty means all of them.</summary>
    public IReadOnlyList<string> Rows { get; private set; } = [];

    public string? CandidatePath { get; private set; }
    public string BaselinePath { get; private set; } = "redis-server";
    public string? MarkdownPath { get; private set; }
    public string? LockPath { get; private set; }
    public bool Quick { get; private set; }
    public bool ListOnly { get; private set; }
    public int Rounds { get; private set; }
    public double SecondsPerRun { get; private set; }
    public int Keyspace { get; private set; } = 1_000_000;
    public int ServerCore { get; private set; }
    public int LoadCore { get; private set; } = 1;
    public int TimeLimitSeconds { get; private set; } = 1800;

    public static string Usage(IEnumerable<IScenario> scenarios) =>
        $"""
        usage: Load [options]
          --scenario NAME[,NAME...]  run only these: {string.Join(", ", scenarios.Select(scenario => scenario.Name))}
          --rows NAME[,NAME...]      of a scenario with many rows only those whose names contain one of these
          --quick                    short runs, a tenth of the keys: a check that all works, not a measurement
          --rounds N                 interleaved rounds, the best counts (default 5, quick 2)
          --seconds S                aimed length of one throughput run (default 2.5, quick 0.5)
          --keyspace N               keys the pipeline scenarios draw from (default 1000000; 0: always the same one)
          --candidate PATH           server to judge (default: the published bixbite-server, else the Release build)
          --baseline PATH            server to compare with (default redis-server)
          --server-core N            core for the servers (default 0)
          --load-core N              core for the load generator (default 1)
          --markdown FILE            put the tables into that page too, in place of the rows it has of them
          --lock FILE                hold this lock file (as flock(1) does) during each scenario, for a machine shared with builds
          --time-limit SECONDS       stop everything after that long (default 1800)
          --list                     name the scenarios and stop
        """;

    public static bool TryParse(string[] args, [NotNullWhen(true)] out Settings? settings, [NotNullWhen(false)] out string? problem)
    {
        settings = new Settings();
        for (int i = 0; i < args.Length; i++)
        {
            problem = settings.ApplySwitch(args[i]) ? null
                : i + 1 == args.Length ? $"unknown option, or one without its value: {args[i]}"
                : settings.ApplyValue(args[i], args[++i]);
            if (problem is not null)
            {
                return false;
            }
        }

        problem = settings.Complete();
        return problem is null;
    }

    public bool IsWanted(string row) => Rows.Count == 0 || Rows.Any(part => row.Contains(part, StringComparison.OrdinalIgnoreCase));

    private bool ApplySwitch(string name)
    {
        switch (name)
        {
            case "--quick": Quick = true; return true;
            case "--list": ListOnly = true; return true;
            default: return false;
        }
    }

    private string? ApplyValue(string name, string value)
    {
        switch (name)
        {
            case "--scenario" or "--scenarios": Scenarios = value.Split(',', StringSplitOptions.RemoveEmptyEntries); return null;
            case "--rows": Rows = value.Split(',', StringSplitOptions.RemoveEmptyEntries); return null;
            case "--candidate": CandidatePath = value; return null;
            case "--baseline": BaselinePath = value; return null;
            case "--markdown": MarkdownPath = value; return null;
            case "--lock": LockPath = value; return null;
            case "--rounds": return Number(value, number => Rounds = (int)number);
            case "--seconds": return Number(value, number => SecondsPerRun = number);
            case "--keyspace": return Number(value, number => Keyspace = (int)number);
            case "--server-core": return Number(value, number => ServerCore = (int)number);
            case "--load-core": return Number(value, number => LoadCore = (int)number);
            case "--time-limit": return Number(value, number => TimeLimitSeconds = (int)number);
            default: return $"unknown option: {name}";
        }
    }

    private static string? Number(string text, Action<double> assign)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || number < 0)
        {
            return $"not a number: {text}";
        }
        assign(number);
        return null;
    }

    private string? Complete()
    {
        if (Rounds == 0)
        {
            Rounds = Quick ? 2 : 5;
        }
        if (SecondsPerRun == 0)
        {
            SecondsPerRun = Quick ? 0.5 : 2.5;
        }

        string[] unknown = Scenarios.Where(name => Catalog.All.All(scenario => scenario.Name != name)).ToArray();
        if (unknown.Length > 0)
        {
            return $"unknown scenario: {string.Join(", ", unknown)}";
        }
        if (ServerCore >= Environment.ProcessorCount || LoadCore >= Environment.ProcessorCount || ServerCore == LoadCore)
        {
            return new StringBuilder("the servers and the load generator need a core each: ")
                .Append(CultureInfo.InvariantCulture, $"--server-core {ServerCore} --load-core {LoadCore} ")
                .Append(CultureInfo.InvariantCulture, $"on a machine with {Environment.ProcessorCount}").ToString();
        }
        return null;
    }
}
