using System.Net.Sockets;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Processes;

/// <summary>What a server tells whoever has started it: systemd at a socket, upstart by stopping itself.</summary>
public sealed class SupervisionTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Socket _supervisor = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
    {
        ReceiveTimeout = RespConnection.PatienceMs,
    };

    public void Dispose()
    {
        _supervisor.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("systemd", false)]
    [InlineData("auto", false)]
    [InlineData("auto", true)]
    public void Systemd_hears_when_it_is_ready_and_when_it_ends(string supervised, bool isAbstract)
    {
        using ServerProcess server = Start(supervised, isAbstract, "WATCHDOG_USEC=500000");
        Assert.Equal("STATUS=Loading the data", Next());
        Assert.Equal("STATUS=Ready to accept connections", NextWith("READY=1").Split('\n')[1]);
        using (RespConnection client = server.Connect())
        {
            Assert.Contains("process_supervised:systemd", client.Call("INFO server").Text, StringComparison.Ordinal);
        }
        NextWith("WATCHDOG=1");
        NextWith("WATCHDOG=1");
        server.Signal("TERM");
        NextWith("STOPPING=1");
        Assert.Equal(0, server.WaitForExit());
    }

    [Fact]
    public void A_loop_that_is_held_up_gives_no_sign_of_life()
    {
        using ServerProcess server = Start("systemd", isAbstract: false, "WATCHDOG_USEC=500000");
        NextWith("READY=1");
        using RespConnection client = server.Connect();
        client.Send("DEBUG SLEEP 2");
        NextWith("STATUS=The server does not answer");
        NextWith("STATUS=Ready to accept connections");
        NextWith("WATCHDOG=1");
        Assert.Equal("OK", client.Read().Text);
    }

    [Fact]
    public void A_watchdog_of_another_process_is_not_fed()
    {
        using ServerProcess server = Start("systemd", isAbstract: false, "WATCHDOG_USEC=500000", "WATCHDOG_PID=1");
        NextWith("READY=1");
        server.Signal("TERM");
        string notice;
        do
        {
            notice = Next();
            Assert.DoesNotContain("WATCHDOG", notice, StringComparison.Ordinal);
        }
        while (!notice.StartsWith("STOPPING=1", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_is_not_there_is_told_nothing()
    {
        using ServerProcess server = Launch("systemd");
        server.WaitForLine("systemd supervision requested, but NOTIFY_SOCKET not found!");
        Assert.True(server.IsReadyInTime(), server.Output);
        using RespConnection client = server.Connect();
        Assert.Contains("process_supervised:no", client.Call("INFO server").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_that_is_not_there_is_told_to_the_log()
    {
        using ServerProcess server = Launch("systemd", $"NOTIFY_SOCKET={_folder.File("nothing")}");
        server.WaitForLine("No such file or directory");
        Assert.True(server.IsReadyInTime(), server.Output);
    }

    [Fact]
    public void Upstart_sees_it_stop_when_it_is_ready()
    {
        using ServerProcess server = Launch("upstart", "UPSTART_JOB=bixbite");
        Assert.True(SpinWait.SpinUntil(() => IsStopped(server.Id), RespConnection.PatienceMs), server.Output);
        server.Signal("CONT");
        Assert.True(server.IsReadyInTime(), server.Output);
    }

    private static bool IsStopped(int process) =>
        File.ReadLines($"/proc/{process}/status").Any(static line => line.StartsWith("State:\tT", StringComparison.Ordinal));

    private ServerProcess Start(string supervised, bool isAbstract, params string[] environment)
    {
        string name = isAbstract ? $"@{_folder.File("notices")}" : _folder.File("notices");
        _supervisor.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{name[1..]}" : name));
        return Launch(supervised, [$"NOTIFY_SOCKET={name}", .. environment]);
    }

    private static ServerProcess Launch(string supervised, params string[] environment)
    {
        int port = FreePorts.Next();
        return ServerProcess.StartRaw(
            "/usr/bin/env", new TempFolder(), port,
            [
                .. environment, Programs.Server, "--port", $"{port}", "--save", "", "--enable-debug-command", "yes",
                "--supervised", supervised,
            ]);
    }

    private string NextWith(string text)
    {
        string notice;
        do
        {
            notice = Next();
        }
        while (!notice.StartsWith(text, StringComparison.Ordinal));
        return notice;
    }

    private string Next()
    {
        byte[] notice = new byte[4096];
        return Encoding.UTF8.GetString(notice, 0, _supervisor.Receive(notice));
    }
}
