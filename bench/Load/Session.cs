using System.Runtime.InteropServices;
using Bixbite.Load.Reporting;
using Bixbite.Load.Scenarios;
using Bixbite.Load.Servers;

namespace Bixbite.Load;

/// <summary>
/// One run of the program: chooses the servers, goes through the scenarios, prints the report. Whatever ends the run (an error, Ctrl-C, the
/// time limit), no server it started outlives it.
/// </summary>
internal sealed class Session(Settings settings)
{
    private readonly ServerFleet _fleet = new(new Cores(settings.ServerCore, settings.LoadCore));
    private Report _report = new();
    private string[] _conditions = [];
    private bool _isAbandoned;

    public int Run()
    {
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Abandon("interrupted"));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Abandon("terminated"));
        using Timer limit = new(_ => Abandon("time limit reached"), null, TimeSpan.FromSeconds(settings.TimeLimitSeconds),
            Timeout.InfiniteTimeSpan);

        Contender candidate = Contender.Candidate(settings.CandidatePath);
        Contender baseline = Contender.Baseline(settings.BaselinePath);
        Bench bench = new(settings, _fleet, candidate, baseline);
        _conditions = Machine.Describe(settings, candidate, baseline);
        _report = bench.Report;
        bench.Say($"candidate {candidate.Name}: {candidate.Path}");
        bench.Say($"baseline  {baseline.Name}: {baseline.Path}");

        int failures = 0;
        foreach (IScenario scenario in Catalog.All.Where(IsWanted))
        {
            using Turn? turn = settings.LockPath is null ? null : new Turn(settings.LockPath);
            bench.Say($"== {scenario.Name}: {scenario.Summary}");
            try
            {
                scenario.Run(bench);
            }
            catch (Exception exception) when (exception is IOException or TimeoutException or System.Net.Sockets.SocketException)
            {
                failures++;
                bench.Report.Note($"**{scenario.Name} failed**: {exception.Message}");
                bench.Say($"{scenario.Name} failed: {exception.Message}");
            }
            finally
            {
                _fleet.StopAll();
            }
        }

        Publish();
        return failures == 0 ? 0 : 1;
    }

    private bool IsWanted(IScenario scenario) => settings.Scenarios.Count == 0 || settings.Scenarios.Contains(scenario.Name);

    private void Publish()
    {
        string[] sections = [.. _report.Sections(_conditions)];
        foreach (string section in sections)
        {
            Console.Out.Write($"\n## {section}");
        }
        if (settings.MarkdownPath is { } path)
        {
            File.WriteAllText(path, Page.With(File.Exists(path) ? File.ReadAllText(path) : null, sections));
        }
    }

    private void Abandon(string reason)
    {
        // A second signal must not publish a second time while the first one's is under way.
        if (Interlocked.Exchange(ref _isAbandoned, true))
        {
            return;
        }
        Console.Error.WriteLine(reason);
        _fleet.StopAll();
        _report.Note($"**not complete**: {reason}");
        Publish();
        Environment.Exit(3);
    }
}
