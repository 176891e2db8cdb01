using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Voters;

/// <summary>A voter as the trial sees it: a process that is killed and comes back with what its disk holds.</summary>
internal sealed class VoterNode(byte number, string folder, int[] ports) : IDisposable
{
    /// <summary>A voter that stands still takes connections and does not answer.</summary>
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(10);

    private readonly StringBuilder _output = new();
    private Process? _process;

    internal byte Number => number;

    /// <summary>Neither dead nor standing still.</summary>
    internal bool IsThere { get; private set; }

    /// <summary>What it printed, and its log.</summary>
    internal string Told
    {
        get
        {
            lock (_output)
            {
                string log = folder + ".log";
                return $"voter {number}:\n{_output}\n{(File.Exists(log) ? File.ReadAllText(log) : "")}";
            }
        }
    }

    /// <summary>Starts the process, and waits until it takes part.</summary>
    internal async Task StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["--filter-method", VoterProcess.Method, "--progress", "off", "--no-ansi"])
        {
            start.ArgumentList.Add(argument);
        }
        string places = string.Join(' ', ports.Select(port => port.ToString(CultureInfo.InvariantCulture)));
        start.Environment[VoterProcess.Variable] = $"{number} {folder} {places}";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        IsThere = true;
        long startedMs = Environment.TickCount64;
        while (await AskAsync("status") is null)
        {
            Assert.False(_process.HasExited || Patience.IsOver(startedMs), $"a voter does not start\n{Told}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    internal void Kill()
    {
        IsThere = false;
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    internal void Freeze()
    {
        IsThere = false;
        Signal("STOP");
    }

    internal void Thaw()
    {
        Signal("CONT");
        IsThere = true;
    }

    /// <summary>The answer; null if it is not there.</summary>
    internal async Task<string?> AskAsync(string question)
    {
        using var limit = new CancellationTokenSource(s_answerLimit);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ports[number - 1]), limit.Token);
            await VoterFrame.WriteAsync(socket, 0, Encoding.ASCII.GetBytes(question), limit.Token);
            VoterFrame? answer = await VoterFrame.ReadAsync(socket, limit.Token);
            return answer is { } frame ? Encoding.ASCII.GetString(frame.Bytes) : null;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }
    }

    private void Signal(string name)
    {
        using Process kill = Process.Start("sh", ["-c", $"kill -{name} {_process!.Id}"]);
        kill.WaitForExit();
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
