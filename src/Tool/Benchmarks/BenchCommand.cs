using System.Globalization;
using Bixbite.Tool.Cli;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool.Benchmarks;

/// <summary><c>bixbite bench</c>: the tests one after the other, and a table of what they took.</summary>
internal static class BenchCommand
{
    private static readonly string[] s_heads =
        ["test", "requests_per_second", "average_ms", "p50_ms", "p95_ms", "p99_ms", "p99.9_ms", "max_ms"];

    /// <summary>Returns the process' exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        BenchOptions options = new();
        options.Read(arguments, terminal);
        if (options.IsHelpWanted)
        {
            terminal.Write(options.Help);
            return 0;
        }
        (string Name, string[] Words)[] tests = options.Command.Length > 0
            ? [(string.Join(' ', options.Command), options.Command)]
            : [.. BenchTests.Find(options.Tests)];
        if (!options.IsCsv)
        {
            terminal.Write(
                $"{options.RequestCount} requests a test, {options.ClientCount} connections, {options.Pipeline} at once, "
                + $"values of {options.DataSize} bytes, {options.KeyCount} keys\n\n");
        }
        return RunAll(tests, options, terminal);
    }

    private static int RunAll((string Name, string[] Words)[] tests, BenchOptions options, Terminal terminal)
    {
        using Interruption interruption = Interruption.OfProcess();
        int width = Math.Max(tests.Max(test => test.Name.Length), 10);
        string? error = null;
        WriteHead(options, terminal, width);
        foreach ((string name, string[] words) in tests)
        {
            BenchResult result = new(name);
            bool isInterrupted = false;
            ProgressView.Run(terminal, name, options.RequestCount, report =>
            {
                try
                {
                    new BenchRun(options, result, words).Run(report, interruption.Token);
                }
                catch (OperationCanceledException)
                {
                    isInterrupted = true;
                }
            });
            WriteRow(options, terminal, width, result);
            if (result.Error is not null && error is null)
            {
                error = $"The server answers {name} with an error: {result.Error}";
                terminal.WriteError(error);
            }
            if (isInterrupted)
            {
                return ToolException.Failed;
            }
        }
        return error is null ? 0 : ToolException.Failed;
    }

    private static void WriteHead(BenchOptions options, Terminal terminal, int width)
    {
        if (options.IsCsv)
        {
            terminal.Write(string.Join(',', s_heads.Select(Quote)) + "\n");
            return;
        }
        terminal.Write("test".PadRight(width) + "   requests/s" + Cells(["average", "p50", "p95", "p99", "p99.9", "max"]) + "  ms\n");
    }

    private static void WriteRow(BenchOptions options, Terminal terminal, int width, BenchResult result)
    {
        string perSecond = result.PerSecond.ToString("0", CultureInfo.InvariantCulture);
        string[] times =
        [
            .. new[] { result.AverageMs }.Concat(new[] { 50, 95, 99, 99.9, 100 }.Select(result.PercentileMs))
                .Select(ms => ms.ToString("0.000", CultureInfo.InvariantCulture)),
        ];
        terminal.Write(options.IsCsv
            ? string.Join(',', new[] { result.Name, perSecond }.Concat(times).Select(Quote)) + "\n"
            : result.Name.PadRight(width) + perSecond.PadLeft(13) + Cells(times) + "\n");
    }

    private static string Quote(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Cells(IEnumerable<string> cells) => string.Concat(cells.Select(cell => cell.PadLeft(10)));
}
