using Bixbite.Engine.Modules;
using Bixbite.Platform;

namespace Bixbite.Wire.Harness;

/// <summary>
/// The server under test on a free port and a Unix socket, with persistence off: within this process, or as the program that
/// <see cref="Programs.ServerVariable"/> names. Give it options as on the command line.
/// </summary>
internal sealed class TestServer : IDisposable
{
    private const int StartAttempts = 3;

    private readonly ServerProcess? _process;
    private readonly HostedServer? _hosted;
    private readonly TempFolder? _folder;

    private TestServer(ServerProcess process) => (_process, Address) = (process, process.Address);

    private TestServer(HostedServer hosted, TempFolder folder, ServerAddress address) =>
        (_hosted, _folder, Address) = (hosted, folder, address);

    public ServerAddress Address { get; }

    /// <summary>Where its files are.</summary>
    public string Folder => Path.GetDirectoryName(Address.UnixPath!)!;

    public static TestServer Start(params string[] options) =>
        Programs.IsServerGiven ? StartProcess(options) : StartHosted(SystemClock.Instance, options);

    /// <summary>With a time that the test moves; always within this process.</summary>
    public static TestServer StartAt(ManualClock clock, params string[] options) => StartHosted(clock, options);

    /// <summary>The same, with modules that not every server has.</summary>
    public static TestServer StartAt(ManualClock clock, IReadOnlyList<Module> modules, params string[] options) =>
        StartHosted(clock, options, modules);

    /// <summary>With modules that not every server has; always within this process.</summary>
    public static TestServer StartWith(IReadOnlyList<Module> modules, params string[] options) =>
        StartHosted(SystemClock.Instance, options, modules);

    /// <summary>As a process, for what only a process has: a working directory, memory of its own.</summary>
    public static TestServer StartProcess(params string[] options) => new(ServerProcess.Start(Programs.Server, options));

    /// <summary>What it has told about itself.</summary>
    public string Log => _process?.Output ?? _hosted!.Log;

    public RespConnection Connect() => RespConnection.Open(Address);

    public RespConnection ConnectUnix() => RespConnection.OpenUnix(Address);

    /// <summary>Waits for a line of its log that contains the text.</summary>
    public string WaitForLine(string text)
    {
        if (_process is not null)
        {
            return _process.WaitForLine(text);
        }
        string? line = null;
        Assert.True(
            SpinWait.SpinUntil(() => (line = LineWith(text)) is not null, RespConnection.PatienceMs),
            $"'{text}' was not written:\n{Log}");
        return line!;
    }

    /// <summary>Sends a signal by its name to one that is a process.</summary>
    public void Signal(string name) => _process!.Signal(name);

    public void Dispose()
    {
        _process?.Dispose();
        _hosted?.Dispose();
        _folder?.Dispose();
    }

    private static TestServer StartHosted(IClock clock, string[] options, params IReadOnlyList<Module> modules)
    {
        TempFolder folder = new();
        for (int attempt = 1; ; attempt++)
        {
            ServerAddress address = new(FreePorts.Next(), folder.File("s"));
            HostedServer server = new(
                folder,
                new FolderDisk(folder.Path),
                clock,
                ["--port", $"{address.Port}", "--bind", "127.0.0.1", "--unixsocket", address.UnixPath!, "--save", "", .. options],
                change: null,
                modules);
            if (server.Problem is null)
            {
                server.Run();
                return new TestServer(server, folder, address);
            }

            server.Dispose();
            Assert.True(attempt < StartAttempts, server.Problem);
        }
    }

    private string? LineWith(string text) =>
        Log.Split('\n').FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
}
