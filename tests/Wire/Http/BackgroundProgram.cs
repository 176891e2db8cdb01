using System.Diagnostics;
using System.Text;

namespace Bixbite.Wire.Http;

/// <summary>A program that serves while a test runs, or says something and ends. Disposing ends it.</summary>
internal sealed class BackgroundProgram : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public BackgroundProgram(string path, params string[] arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(path, arguments)
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>It has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>All that it has said.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Gives it its input, waits for its end, and returns its exit code.</summary>
    public int Finish(string input)
    {
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private void Note(string? line)
    {
        lock (_output)
        {
            _output.Append(line).Append('\n');
        }
    }
}
