using System.Diagnostics;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>
/// A program in the language of a client library that tells one of the stories in the folder of that name. Disposing ends it, and what it
/// has started.
/// </summary>
internal sealed class ClientProgram : IDisposable
{
    private const int TimeLimitMs = 4 * RespConnection.PatienceMs;

    private readonly Process _process;
    private readonly List<string> _output = [];
    private int _openStreamCount = 2;

    private ClientProgram(string interpreter, IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(interpreter, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.StartInfo.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has printed so far, on either stream.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    public static ClientProgram Start(string interpreter, string story, params string[] arguments) =>
        new(interpreter, [Path.Combine(AppContext.BaseDirectory, "Clients", "Stories", story), .. arguments]);

    /// <summary>Tells a story from beginning to end against the servers; it says "done" when all was as it should be.</summary>
    public static void Tell(string interpreter, string story, params IEnumerable<TestServer> servers) =>
        Tell(interpreter, story, [.. servers.Select(server => $"{server.Address.Port}")]);

    public static void Tell(string interpreter, string story, string[] arguments)
    {
        using ClientProgram program = Start(interpreter, story, arguments);
        string output = program.End();
        Assert.True(output.EndsWith("done", StringComparison.Ordinal), $"{story}:\n{output}");
    }

    /// <summary>Whether a line of the language runs: whether a library is there.</summary>
    public static bool Runs(string interpreter, params string[] arguments)
    {
        using ClientProgram program = new(interpreter, arguments);
        return program._process.WaitForExit(TimeLimitMs) && program._process.ExitCode == 0;
    }

    /// <summary>Waits until it has printed this line.</summary>
    public void WaitForLine(string expected) => Patience.Until(
        () =>
        {
            lock (_output)
            {
                return _output.Contains(expected);
            }
        },
        () => $"'{expected}' was not printed:\n{Output}");

    /// <summary>Ends what it waits for.</summary>
    public void SayLine() => _process.StandardInput.WriteLine();

    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit(RespConnection.PatienceMs);
    }

    /// <summary>Waits for its end, which has to be a good one; returns what it printed.</summary>
    public string End()
    {
        _process.StandardInput.Close();
        bool hasEnded = _process.WaitForExit(TimeLimitMs) && Patience.Comes(() => Volatile.Read(ref _openStreamCount) == 0);
        Assert.True(hasEnded, $"it does not end:\n{Output}");
        Assert.True(_process.ExitCode == 0, $"exit code {_process.ExitCode}:\n{Output}");
        return Output;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }
        _process.Dispose();
    }

    private void Remember(string? line)
    {
        if (line is null)
        {
            Interlocked.Decrement(ref _openStreamCount);
            return;
        }
        lock (_output)
        {
            _output.Add(line);
        }
    }
}
