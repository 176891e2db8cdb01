namespace Bixbite.Wire.Harness;

/// <summary>The server under test on a free port and a Unix socket, with persistence off. Give it options as on the command line.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly ServerProcess process;

    private TestServer(ServerProcess process) => this.process = process;

    public ServerAddress Address => process.Address;

    public static TestServer Start(params string[] options) => new(ServerProcess.Start(Programs.Server, options));

    public RespConnection Connect() => RespConnection.Open(Address);

    public RespConnection ConnectUnix() => RespConnection.OpenUnix(Address);

    /// <summary>Waits for a line of its log that contains the text.</summary>
    public string WaitForLine(string text) => process.WaitForLine(text);

    public void Dispose() => process.Dispose();
}
