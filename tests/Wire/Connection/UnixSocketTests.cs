using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Connection;

/// <summary>Clients on a Unix socket, and the life of the socket's path.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class UnixSocketTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string SocketPath => _folder.File("bixbite.sock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Redis_cli_speaks_over_it()
    {
        string? program = Programs.RedisCli;
        Assert.SkipWhen(program is null, "needs redis-cli on the PATH (on Debian: apt-get install redis-tools)");
        using ServerProcess server = Start();
        Assert.Equal("PONG", Run(program!, "", "-s", SocketPath, "ping"));
        Assert.Equal("OK", Run(program!, "value", "-s", SocketPath, "-x", "set", "key"));
        Assert.Equal("value", Run(program!, "", "-s", SocketPath, "get", "key"));
        Assert.Contains($"addr={SocketPath}:0", Run(program!, "", "-s", SocketPath, "-3", "client", "info"), StringComparison.Ordinal);
        Assert.Contains(
            "errors: 0, replies: 2", Run(program!, "SET a 1\r\nINCR a\r\n", "-s", SocketPath, "--pipe"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StackExchange_Redis_speaks_over_it()
    {
        using ServerProcess server = Start("--io-threads", "2");
        ConfigurationOptions options = new()
        {
            EndPoints = { new UnixDomainSocketEndPoint(SocketPath) }, SyncTimeout = 60_000, AsyncTimeout = 60_000, ConnectTimeout = 60_000,
        };
        await using ConnectionMultiplexer client = await ConnectionMultiplexer.ConnectAsync(options);
        IDatabase database = client.GetDatabase();
        TaskCompletionSource<string> received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await client.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, message) => received.TrySetResult(message!));
        await database.PublishAsync(RedisChannel.Literal("news"), "hello");
        TimeSpan patience = TimeSpan.FromMilliseconds(Patience.LimitMs);
        Assert.Equal("hello", await received.Task.WaitAsync(patience, TestContext.Current.CancellationToken));
        byte[] large = new byte[1 << 20];
        Random.Shared.NextBytes(large);
        await database.StringSetAsync("large", large);
        Assert.Equal(large, (byte[])(await database.StringGetAsync("large"))!);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => database.StringIncrementAsync("count")));
        Assert.Equal(1000, (int)await database.StringGetAsync("count"));
        ITransaction transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual("count", 1000));
        Task<long> last = transaction.StringIncrementAsync("count");
        Assert.True(await transaction.ExecuteAsync());
        Assert.Equal(1001, await last);
    }

    [Fact]
    public void It_looks_to_clients_as_that_of_redis()
    {
        using RedisPeer redis = RedisPeer.Start();
        using ServerProcess server = ServerProcess.Start(Programs.Server);
        Assert.Equal(Seen(redis.Address), Seen(server.Address));
    }

    [Fact]
    public void It_is_of_this_machine()
    {
        using ServerProcess server = Start("--enable-debug-command", "local", "--enable-protected-configs", "local", "--maxclients", "2");
        using RespConnection client = Connect();
        Assert.Equal("+OK", client.Call("DEBUG SLEEP 0").ToString());
        Assert.Equal("+OK", client.Call("CONFIG SET dbfilename x.rdb").ToString());
        using RespConnection second = Connect();
        Assert.Equal("+PONG", second.Call("PING").ToString());
        using RespConnection third = Connect();
        Assert.Equal("-ERR max number of clients reached\r\n", System.Text.Encoding.ASCII.GetString(third.ReadToEnd()));
    }

    [Fact]
    public void The_log_says_who_has_connected()
    {
        using ServerProcess server = Start("--loglevel", "verbose");
        using RespConnection client = Connect();
        client.Call("PING");
        string who = $"pid={Environment.ProcessId} uid=";
        Assert.Contains(who, server.WaitForLine($"Accepted connection to {SocketPath} "), StringComparison.Ordinal);
        client.Send("*x\r\n"u8);
        client.ReadToEnd();
        string line = server.WaitForLine("Protocol error (");
        Assert.Contains($" addr={SocketPath}:0 ", line, StringComparison.Ordinal);
        Assert.Contains(who, line, StringComparison.Ordinal);
        using RespConnection other = Connect();
        Assert.DoesNotContain("uid=", other.Call("CLIENT LIST").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("700", "its owner alone (mode 700)")]
    [InlineData("770", "its owner and its group (mode 770)")]
    [InlineData("777", "every user of this machine (mode 777)")]
    public void Its_permissions_are_those_of_the_setting_and_the_log_says_them(string permissions, string who)
    {
        using ServerProcess server = Start("--unixsocketperm", permissions);
        Assert.Equal((UnixFileMode)Convert.ToInt32(permissions, 8), File.GetUnixFileMode(SocketPath));
        server.WaitForLine($"Clients reach this server by the Unix socket {SocketPath}, which {who} may use. They need no password.");
    }

    /// <summary>Nobody can connect before a socket listens, and it does not before it has its permissions.</summary>
    [Fact]
    public void It_has_its_permissions_before_anybody_can_connect()
    {
        string? strace = Programs.Strace;
        Assert.SkipWhen(strace is null, "needs strace on the PATH to see the order of calls (on Debian: apt-get install strace)");
        string trace = _folder.File("trace");
        string wrapper = _folder.File("traced");
        File.WriteAllText(
            wrapper,
            $"#!/bin/sh\numask 0\nexec {strace} -f -qq -o {trace} -e trace=bind,chmod,fchmodat,listen,accept4 {Programs.Server} \"$@\"\n");
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using ServerProcess server = ServerProcess.StartRaw(
            wrapper, new TempFolder(), 0, "--port", "0", "--save", "", "--unixsocket", SocketPath, "--unixsocketperm", "700");
        server.WaitForLine("Ready to accept connections unix");
        using RespConnection client = Connect();
        client.Send("SHUTDOWN NOSAVE");
        server.WaitForExit();
        string[] calls = [.. File.ReadLines(trace)];
        int bind = Array.FindIndex(calls, call => BindRegex().IsMatch(call) && call.Contains(SocketPath, StringComparison.Ordinal));
        int chmod = Array.FindIndex(calls, static call => call.Contains("chmod", StringComparison.Ordinal));
        int listen = Array.FindIndex(calls, Math.Max(bind, 0), static call => call.Contains(" listen(", StringComparison.Ordinal));
        Assert.True(bind >= 0 && bind < chmod && chmod < listen, string.Join('\n', calls));
        Assert.Contains("0700", calls[chmod], StringComparison.Ordinal);
    }

    [Fact]
    public void Its_path_goes_with_the_server_and_is_taken_over_from_a_dead_one()
    {
        using (ServerProcess first = Start())
        {
            first.Kill();
        }
        Assert.True(File.Exists(SocketPath));
        using (ServerProcess second = Start())
        {
            using RespConnection client = Connect();
            Assert.Equal("+PONG", client.Call("PING").ToString());
            second.Signal("TERM");
            Assert.Equal(0, second.WaitForExit());
        }
        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public void A_relative_path_goes_too_when_the_server_has_moved()
    {
        using TempFolder start = new();
        using TempFolder later = new();
        using ServerProcess server = ServerProcess.StartRaw(
            Programs.Server, start, 0, "--port", "0", "--save", "", "--unixsocket", "s", "--enable-protected-configs", "yes");
        server.WaitForLine("Ready to accept connections unix");
        using RespConnection client = RespConnection.Open(new UnixDomainSocketEndPoint(start.File("s")));
        Assert.Contains(" addr=s:0 laddr=s:0 ", client.Call("CLIENT INFO").Text, StringComparison.Ordinal);
        Assert.Equal("+OK", client.Call($"CONFIG SET dir {later.Path}").ToString());
        server.Signal("TERM");
        Assert.Equal(0, server.WaitForExit());
        Assert.False(File.Exists(start.File("s")));
    }

    [Fact]
    public void A_path_that_is_in_use_or_no_socket_stops_the_start()
    {
        using (ServerProcess first = Start())
        {
            using ServerProcess second = StartRaw();
            Assert.Equal(1, second.WaitForExit());
            Assert.Contains("Failed opening Unix socket: bind: Address already in use", second.Output, StringComparison.Ordinal);
            using RespConnection client = Connect();
            Assert.Equal("+PONG", client.Call("PING").ToString());
            first.Signal("TERM");
            Assert.Equal(0, first.WaitForExit());
        }
        File.WriteAllText(SocketPath, "precious");
        using ServerProcess third = StartRaw();
        Assert.Equal(1, third.WaitForExit());
        Assert.Contains($"there is a file at {SocketPath} that is no socket", third.Output, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(SocketPath));
    }

    [Fact]
    public void Peers_that_vanish_leave_nothing()
    {
        using ServerProcess server = Start("--io-threads", "4");
        for (int i = 0; i < 200; i++)
        {
            using RespConnection client = Connect();
            switch (i % 4)
            {
                case 0: break;
                case 1: client.Send("*2\r\n$3\r\nGE"u8); break;
                case 2: client.Send("BLPOP k 0\r\n"u8); break;
                default: client.Send("SUBSCRIBE c\r\nPING\r\n"u8); break;
            }
        }
        using RespConnection last = Connect();
        Patience.Until(
            () => last.Call("INFO clients").Text.Contains("connected_clients:1\r\n", StringComparison.Ordinal), "there are some left");
    }

    private ServerProcess Start(params string[] options)
    {
        ServerProcess server = StartRaw(options);
        server.WaitForLine("Ready to accept connections unix");
        return server;
    }

    private ServerProcess StartRaw(params string[] options) => ServerProcess.StartRaw(
        Programs.Server, new TempFolder(), 0, ["--port", "0", "--save", "", "--unixsocket", SocketPath, .. options]);

    private RespConnection Connect() => RespConnection.Open(new UnixDomainSocketEndPoint(SocketPath));

    private static string Seen(ServerAddress address)
    {
        using RespConnection monitor = RespConnection.OpenUnix(address);
        using RespConnection client = RespConnection.OpenUnix(address);
        string info = client.Call("CLIENT INFO").Text;
        client.Call("CONFIG SET slowlog-log-slower-than 0");
        monitor.Call("MONITOR");
        client.Call("ECHO hello");
        string shown = monitor.Read().ToString();
        Reply slow = client.Call("SLOWLOG GET 1").Items[0];
        string fields = string.Join(' ', info.Split(' ').Where(
            static field => field.Split('=')[0] is "addr" or "laddr" or "flags" or "user"));
        return $"{fields} {shown[shown.IndexOf('[', StringComparison.Ordinal)..]} {slow.Items[4].Text}"
            .Replace(address.UnixPath!, "(path)", StringComparison.Ordinal);
    }

    private static string Run(string program, string input, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Patience.LimitMs));
        return output.Trim();
    }

    [GeneratedRegex(@"^\d+ +bind\(")]
    private static partial Regex BindRegex();
}
