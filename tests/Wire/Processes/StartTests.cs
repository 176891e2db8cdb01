using System.Net;
using System.Net.Sockets;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Processes;

/// <summary>How the server starts: configuration file and arguments, what it prints, and when it refuses.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _port = FreePorts.Next();

    [Fact]
    public void Settings_come_from_the_file_and_then_from_the_arguments()
    {
        File.WriteAllText(_folder.File("more.conf"), "maxmemory-policy \"allkeys-lfu\"\n");
        string path = WriteConfig("# a comment", "", "maxmemory 64mb", "timeout 17", $"include {_folder.File("more.conf")}");
        using ServerProcess server = StartWith(path, "--timeout", "18", "--maxmemory-samples", "7");
        Assert.True(server.IsReadyInTime(), server.Output);
        using RespConnection connection = server.Connect();
        Assert.Equal("*[\"maxmemory\", \"67108864\"]", connection.Call("CONFIG GET maxmemory").ToString());
        Assert.Equal("*[\"timeout\", \"18\"]", connection.Call("CONFIG GET timeout").ToString());
        Assert.Equal("*[\"maxmemory-samples\", \"7\"]", connection.Call("CONFIG GET maxmemory-samples").ToString());
        Assert.Equal("*[\"maxmemory-policy\", \"allkeys-lfu\"]", connection.Call("CONFIG GET maxmemory-policy").ToString());
    }

    [Theory]
    [InlineData("no-such-directive 1")]
    [InlineData("maxmemory 12parsecs")]
    [InlineData("timeout")]
    [InlineData("maxmemory-policy sometimes")]
    [InlineData("appendonly perhaps")]
    [InlineData("dir \"unbalanced")]
    public void A_bad_line_stops_the_start_and_is_named(string line)
    {
        string path = WriteConfig("# a comment", line);
        using ServerProcess server = StartWith(path);
        Assert.Equal(1, server.WaitForExit());
        // Two lines of its own come first.
        Assert.Contains("line 4", server.Output, StringComparison.Ordinal);
        Assert.Contains(line, server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maxmemory 64mb", 0, "The configuration is right.")]
    [InlineData("maxmemory 64 parsecs", 1, "maxmemory 64 parsecs")]
    [InlineData("user alice on +@nonsense", 1, "Unknown command or category name in ACL")]
    public void A_configuration_is_checked_without_a_server(string line, int exitCode, string told)
    {
        using ServerProcess check = StartWith("--check-config", WriteConfig(line), "--timeout", "18");
        Assert.Equal(exitCode, check.WaitForExit());
        Assert.Contains(told, check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Server initialized", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_stops_the_start_and_is_named()
    {
        using ServerProcess server = StartWith(_folder.File("absent.conf"));
        Assert.Equal(1, server.WaitForExit());
        Assert.Contains("absent.conf", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_in_use_stops_the_start_and_is_named()
    {
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, _port));
        other.Listen();
        using ServerProcess server = StartWith(WriteConfig());
        Assert.Equal(1, server.WaitForExit());
        Assert.Contains($"{_port}", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_has_the_lines_that_tools_wait_for()
    {
        using ServerProcess server = StartWith(WriteConfig());
        server.WaitForLine("Server initialized");
        string ready = server.WaitForLine("Ready to accept connections");
        // "PID:role day month year time.milliseconds level text"
        Assert.Matches(@"^\d+:M \d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3} \* Ready to accept connections", ready);
        Assert.StartsWith($"{server.Id}:M ", ready, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_goes_to_a_file_if_there_is_one()
    {
        string log = _folder.File("server.txt");
        using ServerProcess server = StartWith(WriteConfig($"logfile {log}", "loglevel verbose"));
        Assert.True(server.IsReadyInTime(), server.Output);
        server.Signal("TERM");
        Assert.Equal(0, server.WaitForExit());
        string text = File.ReadAllText(log);
        Assert.Contains("Ready to accept connections", text, StringComparison.Ordinal);
        Assert.Contains("bye bye", text, StringComparison.Ordinal);
        Assert.Equal("", server.Output);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_signal_ends_it_with_exit_code_0(string signal)
    {
        string pidFile = _folder.File("server.pid");
        using ServerProcess server = StartWith(WriteConfig($"pidfile {pidFile}"));
        Assert.True(server.IsReadyInTime(), server.Output);
        Assert.Equal($"{server.Id}\n", File.ReadAllText(pidFile));
        server.Signal(signal);
        Assert.Equal(0, server.WaitForExit());
        Assert.False(File.Exists(pidFile));
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("ALRM")]
    [InlineData("PIPE")]
    [InlineData("XFSZ")]
    [InlineData("WINCH")]
    public void A_signal_that_asks_for_nothing_does_not_end_it(string signal)
    {
        using ServerProcess server = StartWith(WriteConfig());
        Assert.True(server.IsReadyInTime(), server.Output);
        for (int i = 0; i < 3; i++)
        {
            server.Signal(signal);
            using RespConnection connection = server.Connect();
            Assert.Equal("PONG", connection.Call("PING").Text);
        }
        if (signal == "ALRM")
        {
            server.WaitForLine("Received SIGALRM");
        }
    }

    [Theory]
    [InlineData("ABRT", 6)]
    [InlineData("SEGV", 11)]
    [InlineData("BUS", 7)]
    [InlineData("FPE", 8)]
    [InlineData("ILL", 4)]
    public void A_fatal_signal_leaves_a_report_and_ends_it(string signal, int number)
    {
        using ServerProcess server = StartWith(WriteConfig());
        Assert.True(server.IsReadyInTime(), server.Output);
        server.Signal(signal);
        Assert.Equal(128 + number, server.WaitForExit());
        Assert.Contains($"crashed by signal {number} (SIG{signal}), sent by process", server.Output, StringComparison.Ordinal);
        Assert.Contains("=== BIXBITE BUG REPORT END ===", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wild_access_to_memory_ends_it_and_says_where()
    {
        using ServerProcess server = StartWith(WriteConfig("enable-debug-command yes"));
        Assert.True(server.IsReadyInTime(), server.Output);
        using RespConnection connection = server.Connect();
        connection.Send("DEBUG SEGFAULT");
        Assert.Empty(connection.ReadToEnd());
        Assert.Equal(128 + 6, server.WaitForExit());
        Assert.Contains("DebugServer.SegmentationFault", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_crash_log_enabled_a_fatal_signal_ends_it_without_a_report()
    {
        using ServerProcess server = StartWith(WriteConfig("crash-log-enabled no"));
        Assert.True(server.IsReadyInTime(), server.Output);
        server.Signal("ABRT");
        Assert.Equal(128 + 6, server.WaitForExit());
        Assert.DoesNotContain("BUG REPORT", server.Output, StringComparison.Ordinal);
    }

    /// <summary>As in Redis: who interrupts a second time does not want to wait for the snapshot.</summary>
    [Fact]
    public void A_second_interrupt_ends_it_without_the_snapshot_and_its_unfinished_file()
    {
        string data = _folder.File("data");
        Directory.CreateDirectory(data);
        string unfinished = "";
        bool IsSaving() => File.Exists(unfinished);
        using ServerProcess server = StartWith(WriteConfig("save 900 1", "rdb-key-save-delay 1000000", $"dir {data}"));
        Assert.True(server.IsReadyInTime(), server.Output);
        unfinished = Path.Combine(data, $"temp-{server.Id}.rdb");
        using (RespConnection connection = server.Connect())
        {
            for (int i = 0; i < 300; i++)
            {
                connection.Call($"SET key:{i} value");
            }
        }
        server.Signal("INT");
        Assert.True(SpinWait.SpinUntil(IsSaving, RespConnection.PatienceMs), server.Output);
        server.Signal("INT");
        Assert.Equal(1, server.WaitForExit());
        Assert.Contains("You insist... exiting now.", server.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(data));
    }

    [Fact]
    public void Shutdown_ends_it_with_exit_code_0_and_closes_every_connection()
    {
        using ServerProcess server = StartWith(WriteConfig());
        Assert.True(server.IsReadyInTime(), server.Output);
        using RespConnection idle = server.Connect();
        using RespConnection connection = server.Connect();
        Assert.Equal("PONG", idle.Call("PING").Text);
        connection.Send("SHUTDOWN NOSAVE");
        Assert.Empty(connection.ReadToEnd());
        Assert.Empty(idle.ReadToEnd());
        Assert.Equal(0, server.WaitForExit());
    }

    [Fact]
    public void A_password_is_asked_for()
    {
        using ServerProcess server = StartWith(WriteConfig("requirepass \"a secret\""));
        Assert.True(server.IsReadyInTime(), server.Output);
        using RespConnection connection = server.Connect();
        Assert.Equal("-NOAUTH Authentication required.", connection.Call("GET k").ToString());
        Assert.Equal(
            "-WRONGPASS invalid username-password pair or user is disabled.", connection.Call("AUTH nonsense").ToString());
        Assert.Equal("OK", connection.Call("AUTH \"a secret\"").Text);
        Assert.Equal("(nil)", connection.Call("GET k").ToString());
    }

    [Fact]
    public void Protected_mode_lets_this_machine_in_only()
    {
        using ServerProcess server = StartWith(WriteConfig("protected-mode yes", "bind * -::*"));
        Assert.True(server.IsReadyInTime(), server.Output);
        using (RespConnection local = server.Connect())
        {
            Assert.Equal("PONG", local.Call("PING").Text);
        }
        IPAddress? outside = Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(address => !IPAddress.IsLoopback(address));
        Assert.SkipWhen(outside is null, "this machine has no address beyond loopback");
        using RespConnection remote = RespConnection.Open(new IPEndPoint(outside!, _port));
        Assert.StartsWith("-DENIED ", remote.Read().ToString(), StringComparison.Ordinal);
        Assert.Empty(remote.ReadToEnd());
    }

    [Fact]
    public void It_listens_on_several_addresses_and_on_IPv6()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        using ServerProcess server = StartWith(WriteConfig("bind 127.0.0.1 127.0.0.9 -::1"));
        Assert.True(server.IsReadyInTime(), server.Output);
        using RespConnection second = RespConnection.Open(new IPEndPoint(IPAddress.Parse("127.0.0.9"), _port));
        Assert.Equal("PONG", second.Call("PING").Text);
        using RespConnection six = RespConnection.Open(new IPEndPoint(IPAddress.IPv6Loopback, _port));
        Assert.Contains($"addr=[::1]:", six.Call("CLIENT INFO").Text, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A file that starts with the port and the folder.</summary>
    private string WriteConfig(params string[] lines)
    {
        string path = _folder.File("server.conf");
        File.WriteAllLines(path, [$"port {_port}", $"dir \"{_folder.Path}\"", .. lines]);
        return path;
    }

    private ServerProcess StartWith(params string[] arguments) =>
        ServerProcess.StartRaw(Programs.Server, new TempFolder(), _port, arguments);
}
