using System.Net;
using System.Net.Sockets;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Persistence;
using Bixbite.Wire.Tls;

namespace Bixbite.Wire.Processes;

/// <summary>The questions that orchestrators ask by <c>--check-alive</c> and <c>--check-ready</c>.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_server_that_serves_is_alive_and_ready()
    {
        using ServerProcess server = ServerProcess.StartIn(_folder, Programs.Server);
        string port = $"{server.Address.Port}";
        Assert.Equal((0, $"127.0.0.1:{port}: +PONG"), Ask("--check-alive", "--port", port));
        Assert.Equal((0, $"127.0.0.1:{port}: +PONG"), Ask("--check-ready", "--port", port, "--bind", "10.0.0.1 127.0.0.1"));
        string socket = server.Address.UnixPath!;
        Assert.Equal((0, $"{socket}: +PONG"), Ask("--check-ready", "--port", "0", "--unixsocket", socket));
        File.WriteAllText(_folder.File("server.conf"), $"port {port}\n");
        Assert.Equal(0, Ask("--check-ready", _folder.File("server.conf")).ExitCode);
        using RespConnection client = server.Connect();
        client.Call("CONFIG SET requirepass word");
        Assert.Equal((0, $"127.0.0.1:{port}: -NOAUTH Authentication required."), Ask("--check-ready", "--port", port));
    }

    [Fact]
    public void One_that_loads_is_alive_and_not_ready()
    {
        using (StoppableServer filled = StoppableServer.Ours(_folder, "--save", "3600 1"))
        {
            filled.Do("DEBUG POPULATE 50000");
            filled.Do("SAVE");
        }
        using StoppableServer loading = StoppableServer.OursLoading(_folder, "--key-load-delay", "10000");
        string port = $"{loading.Process.Address.Port}";
        Assert.Equal(0, Ask("--check-alive", "--port", port).ExitCode);
        (int exitCode, string output) = Ask("--check-ready", "--port", port);
        Assert.Equal(1, exitCode);
        Assert.Contains("-LOADING", output, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_not_there_or_says_nothing_is_neither()
    {
        string port = $"{FreePorts.Next()}";
        Assert.Equal((1, $"127.0.0.1:{port}: Connection refused"), Ask("--check-alive", "--port", port));
        Assert.Equal(1, Ask("--check-alive", "--port", "0", "--unixsocket", _folder.File("none")).ExitCode);
        Assert.Equal(1, Ask("--check-alive", "--port", "0").ExitCode);
        Assert.Contains("no-such-thing", Ask("--check-ready", "--no-such-thing", "1").Output, StringComparison.Ordinal);
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        string silentPort = $"{((IPEndPoint)silent.LocalEndpoint).Port}";
        Assert.Equal((1, $"127.0.0.1:{silentPort}: Connection timed out"), Ask("--check-alive", "--port", silentPort));
    }

    [Fact]
    public void One_that_speaks_only_TLS_is_alive()
    {
        using TlsServer server = TlsServer.Start();
        Assert.Equal(0, Ask("--check-alive", "--port", "0", "--tls-port", $"{server.Port}").ExitCode);
    }

    private static (int ExitCode, string Output) Ask(params string[] arguments)
    {
        using TempFolder folder = new();
        using ServerProcess check = ServerProcess.StartRaw(Programs.Server, folder, 0, arguments);
        return (check.WaitForExit(), check.Output);
    }
}
