using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Bixbite.Load.Client;

namespace Bixbite.Load.Servers;

/// <summary>
/// A server process in a folder of its own or a given one, pinned to the server's core. Disposing stops it and removes its own folder.
/// </summary>
internal sealed class RunningServer : IDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly DataFolder? _ownFolder;
    private readonly StringBuilder _log = new();
    private bool _isDisposed;

    public RunningServer(Contender contender, Cores cores, int port, DataFolder? folder, string[] options)
    {
        Contender = contender;
        Port = port;
        string path = folder?.Path ?? (_ownFolder = new DataFolder()).Path;
        string[] arguments = ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", path, "--save", "", .. options];
        ProcessStartInfo start = new(contender.Path, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = path,
        };
        StartedAt = Stopwatch.GetTimestamp();
        _process = cores.StartServer(start);
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
    }

    public Contender Contender { get; }
    public int Port { get; }

    /// <summary>Stopwatch's timestamp just before the process was made.</summary>
    public long StartedAt { get; }

    /// <summary>Stopwatch's timestamp of the first PONG.</summary>
    public long ReadyAt { get; private set; }

    public CpuTime Cpu => ProcFiles.Cpu(_process.Id);
    public long ResidentBytes => ProcFiles.ResidentBytes(_process.Id);

    /// <summary>What it and its children take together; what they share counts once.</summary>
    public long ProportionalBytes => ProcFiles.ProportionalBytesWithChildren(_process.Id);

    public PipeConnection Connect(bool spins = false) => new(Port, spins);

    public ThreadCpu BusiestThread()
    {
        using PipeConnection connection = Connect();
        return ThreadCpu.OfBusiest(_process.Id, connection);
    }

    /// <summary>Sends a command of words and returns the text of its reply.</summary>
    public string Call(string command)
    {
        using PipeConnection connection = Connect();
        return connection.Call(command);
    }

    /// <summary>A field of INFO; nothing if there is none of that name.</summary>
    public string Info(string field)
    {
        string? line = Call("INFO everything").Split("\r\n").FirstOrDefault(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return line?[(field.Length + 1)..] ?? "";
    }

    /// <summary>Waits until a replica gets the stream.</summary>
    public void AwaitReplica() =>
        Await(() => Info("slave0").Contains("state=online", StringComparison.Ordinal), "its replica does not come online");

    /// <summary>Waits until something has become so; the text is what is told if it does not within half a minute.</summary>
    public void Await(Func<bool> condition, string problem)
    {
        for (int i = 0; !condition(); i++)
        {
            if (i == 3000)
            {
                throw new TimeoutException($"{Contender.Name}: {problem}");
            }
            Thread.Sleep(10);
        }
    }

    /// <summary>A number of INFO.</summary>
    public long Number(string field) => long.Parse(Info(field), CultureInfo.InvariantCulture);

    /// <summary>Resident bytes once they no longer move: work that a server does after its replies (freeing, rehashing) is over.</summary>
    public long SettledResidentBytes()
    {
        long last = ResidentBytes;
        for (int steady = 0, looks = 0; steady < 4 && looks < 50; looks++)
        {
            Thread.Sleep(100);
            long now = ResidentBytes;
            steady = Math.Abs(now - last) < 64 * 1024 ? steady + 1 : 0;
            last = now;
        }

        return last;
    }

    public void WaitUntilReady()
    {
        while (!TryPing())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(StartedAt) > s_startLimit)
            {
                DrainLog();
                _process.WaitForExit(1000);
                throw new IOException($"{Contender.Name} did not start: {LastLog()}");
            }
        }

        ReadyAt = Stopwatch.GetTimestamp();
        DrainLog();
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        AskToStop();
        if (!_process.WaitForExit(s_stopLimit))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(s_stopLimit);
        }

        _process.Dispose();
        _ownFolder?.Dispose();
    }

    private bool TryPing()
    {
        try
        {
            using PipeConnection connection = Connect();
            connection.Send("*1\r\n$4\r\nPING\r\n"u8);
            connection.ReadReplies(1);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private void AskToStop()
    {
        try
        {
            using PipeConnection connection = Connect();
            connection.Send("*2\r\n$8\r\nSHUTDOWN\r\n$6\r\nNOSAVE\r\n"u8);
        }
        catch (SocketException)
        {
            // Never came up, or is gone already.
        }
    }

    private void DrainLog()
    {
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Remember(string? line)
    {
        lock (_log)
        {
            if (_log.Length < 64 * 1024)
            {
                _log.AppendLine(line);
            }
        }
    }

    private string LastLog()
    {
        lock (_log)
        {
            return _log.ToString().TrimEnd();
        }
    }
}
