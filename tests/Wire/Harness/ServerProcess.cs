using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Bixbite.Wire.Harness;

/// <summary>
/// A server as a child process in a folder of its own: for what only a process has (arguments, configuration file, signals, log, exit code)
/// and for peers. Disposing kills it if it still runs.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private const int StartAttempts = 3;

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly ManualResetEventSlim _outputEnded = new();
    private int _openStreamCount = 2;
    private bool _isFolderOwned;

    private ServerProcess(
        string path, TempFolder folder, ServerAddress address, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        Folder = folder;
        Address = address;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(path, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder.Path,
            },
        };
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            _process.StartInfo.Environment[name] = value;
        }
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
    }

    public TempFolder Folder { get; }
    public ServerAddress Address { get; }
    public int Id => _process.Id;

    /// <summary>Its resident size now, from /proc.</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture) * 1024;
        }
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

    /// <summary>Starts a server on a free port and a Unix socket and waits until it answers PING.</summary>
    public static ServerProcess Start(string path, params string[] options) => StartWith([], path, options);

    /// <summary>The same with these variables in its environment.</summary>
    public static ServerProcess StartWith(Dictionary<string, string> variables, string path, params string[] options)
    {
        TempFolder folder = new();
        try
        {
            ServerProcess server = StartIn(folder, path, mayLoad: false, options, variables: variables);
            server._isFolderOwned = true;
            return server;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The same in a folder that stays when the server goes.</summary>
    public static ServerProcess StartIn(TempFolder folder, string path, params string[] options) =>
        StartIn(folder, path, mayLoad: false, options);

    /// <summary>The same, and it may still be loading its data: it answers, be it LOADING.</summary>
    public static ServerProcess StartLoadingIn(TempFolder folder, string path, params string[] options) =>
        StartIn(folder, path, mayLoad: true, options);

    /// <summary>The same in the folder and at the address of one that is gone.</summary>
    public static ServerProcess StartAgain(ServerProcess before, string path, params string[] options) =>
        StartIn(before.Folder, path, mayLoad: false, options, before.Address);

    /// <summary>
    /// Starts it with exactly these arguments, in <paramref name="folder"/>, and does not wait: for starts that should fail.
    /// </summary>
    public static ServerProcess StartRaw(string path, TempFolder folder, int port, params string[] arguments) =>
        StartRawWith([], path, folder, port, arguments);

    /// <summary>The same with these variables in its environment.</summary>
    public static ServerProcess StartRawWith(
        Dictionary<string, string> variables, string path, TempFolder folder, int port, params string[] arguments) =>
        new(path, folder, new ServerAddress(port, null), arguments, variables) { _isFolderOwned = true };

    public RespConnection Connect() => RespConnection.Open(Address);

    /// <summary>Waits until a line that contains the text was printed.</summary>
    public string WaitForLine(string text)
    {
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        while (true)
        {
            lock (_output)
            {
                string? line = _output.Find(candidate => candidate.Contains(text, StringComparison.Ordinal));
                if (line is not null)
                {
                    return line;
                }
            }

            Assert.True(Environment.TickCount64 < deadline, $"'{text}' was not printed:\n{Output}");
            Thread.Sleep(5);
        }
    }

    /// <summary>Waits until it answers PING, or only LOADING; false if it ended instead or takes too long.</summary>
    public bool IsReadyInTime(bool mayLoad = false)
    {
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        while (!_process.HasExited && Environment.TickCount64 < deadline)
        {
            try
            {
                // By its own socket if it has one: on its port another server may listen, if this one came too late for it.
                using RespConnection connection = Address.UnixPath is null ? Connect() : RespConnection.OpenUnix(Address);
                // Any reply is a sign of life, also NOAUTH; only LOADING asks for patience.
                if (mayLoad || !connection.Call("PING").Text.StartsWith("LOADING", StringComparison.Ordinal))
                {
                    return true;
                }
            }
            catch (Exception exception) when (exception is SocketException or EndOfStreamException)
            {
                Thread.Sleep(2);
            }
        }

        if (_process.HasExited)
        {
            _outputEnded.Wait(RespConnection.PatienceMs);
        }
        return false;
    }

    /// <summary>Ends it at once, wherever it is.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit(RespConnection.PatienceMs);
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit(RespConnection.PatienceMs);
    }

    /// <summary>Waits for its end; returns the exit code.</summary>
    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(RespConnection.PatienceMs), $"the server did not end:\n{Output}");
        _outputEnded.Wait(RespConnection.PatienceMs);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(RespConnection.PatienceMs);
        }

        _process.Dispose();
        _outputEnded.Dispose();
        if (_isFolderOwned)
        {
            Folder.Dispose();
        }
    }

    private static ServerProcess StartIn(
        TempFolder folder, string path, bool mayLoad, string[] options, ServerAddress? wanted = null,
        Dictionary<string, string>? variables = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            ServerAddress address = wanted ?? new(FreePorts.Next(), folder.File("s"));
            string[] arguments =
            [
                "--port", $"{address.Port}", "--bind", "127.0.0.1", "--unixsocket", address.UnixPath!, "--dir", folder.Path, "--save", "",
                .. options,
            ];
            ServerProcess server = new(path, folder, address, arguments, variables);
            if (server.IsReadyInTime(mayLoad))
            {
                return server;
            }

            string log = server.Output;
            server.Dispose();
            bool lostItsPort = log.Contains("ddress already in use", StringComparison.Ordinal);
            if (!lostItsPort || attempt == StartAttempts)
            {
                throw new InvalidOperationException($"{path} did not start:\n{log}");
            }
        }
    }

    private void Remember(string? line)
    {
        if (line is null)
        {
            if (Interlocked.Decrement(ref _openStreamCount) == 0)
            {
                _outputEnded.Set();
            }
            return;
        }

        lock (_output)
        {
            _output.Add(line);
        }
    }
}
