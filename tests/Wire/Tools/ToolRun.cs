using System.Text;
using Bixbite.Tool;
using Bixbite.Tool.Terminals;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tools;

/// <summary>A run of the tool within this process, as where its streams are files: the exit code and what it wrote.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public static ToolRun Of(params string[] arguments) => With("", arguments);

    /// <summary>Bytes stand as letters with their numbers.</summary>
    public static ToolRun With(string input, params string[] arguments) => With(input, new Dictionary<string, string>(), arguments);

    public static ToolRun With(string input, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        using MemoryStream output = new();
        using MemoryStream error = new();
        using MemoryStream source = new(Encoding.Latin1.GetBytes(input));
        Terminal terminal = new(source, output, error) { Variable = name => variables.GetValueOrDefault(name) };
        Task<int> run = Task.Factory.StartNew(
            () => ToolProgram.Run(arguments, terminal), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(((IAsyncResult)run).AsyncWaitHandle.WaitOne(Patience.LimitMs), "the tool does not end");
        int exitCode = run.GetAwaiter().GetResult();
        return new ToolRun(exitCode, Encoding.Latin1.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }
}
