using System.Diagnostics;
using System.Security.Authentication;
using Bixbite.Wire.Clients;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Tls;

/// <summary>Clients as they are used, with and without certificates.</summary>
public sealed class ClientTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void Commands_are_answered(SslProtocols protocol)
    {
        using TlsServer server = TlsServer.Start();
        using RespConnection client = server.Connect(protocols: protocol);
        Assert.Equal(protocol, client.Secured!.SslProtocol);
        Assert.Equal("OK", client.Call("SET key value").Text);
        Assert.Equal("value", client.Call("GET key").Text);
        using RespConnection plain = server.ConnectPlain();
        Assert.Equal("value", plain.Call("GET key").Text);
    }

    [Fact]
    public void Who_has_no_certificate_is_refused_where_one_is_required()
    {
        using TlsServer server = TlsServer.Start();
        Assert.ThrowsAny<Exception>(() =>
        {
            // With TLS 1.3 the client is done before the server has looked.
            using RespConnection client = server.ConnectNameless();
            client.Call("PING");
        });
        using RespConnection known = server.Connect();
        Assert.Equal("OK", known.Call("CONFIG SET tls-auth-clients optional").Text);
        using RespConnection nameless = server.ConnectNameless();
        Assert.Equal("PONG", nameless.Call("PING").Text);
        TestCertificate stranger = TestCertificates.Make("stranger", issuer: null);
        Assert.ThrowsAny<Exception>(() =>
        {
            using RespConnection client = server.Connect(stranger);
            client.Call("PING");
        });
        Assert.Equal("OK", known.Call("CONFIG SET tls-auth-clients no").Text);
        using RespConnection ignored = server.Connect(stranger);
        Assert.Equal("PONG", ignored.Call("PING").Text);
    }

    /// <summary>Who was let in without a certificate does not come in again by resuming, once one is required.</summary>
    [Fact]
    public void A_session_is_not_resumed_under_stricter_rules()
    {
        using TlsServer server = TlsServer.Start("--tls-auth-clients", "no");
        for (int count = 0; count < 3; count++)
        {
            using RespConnection client = server.ConnectNameless();
            Assert.Equal("PONG", client.Call("PING").Text);
        }
        using RespConnection plain = server.ConnectPlain();
        plain.Call("CONFIG SET tls-auth-clients yes");
        Assert.ThrowsAny<Exception>(() =>
        {
            using RespConnection client = server.ConnectNameless();
            client.Call("PING");
        });
    }

    [Fact]
    public void Plain_requests_on_the_port_are_not_answered()
    {
        using TlsServer server = TlsServer.Start();
        using RespConnection client = server.ConnectRaw();
        client.Send("PING");
        Assert.DoesNotContain("PONG", System.Text.Encoding.Latin1.GetString(client.ReadToEnd()), StringComparison.Ordinal);
    }

    [Fact]
    public void Redis_cli_speaks_it()
    {
        Assert.SkipWhen(Programs.RedisCli is null, "redis-cli is not installed");
        using TlsServer server = TlsServer.Start();
        Assert.Equal("PONG", Run(Programs.RedisCli!, [.. server.CliOptions, "PING"]));
        Assert.Equal("OK", Run(Programs.RedisCli!, [.. server.CliOptions, "SET", "a", new string('x', 100_000)]));
        Assert.Equal("100000", Run(Programs.RedisCli!, [.. server.CliOptions, "STRLEN", "a"]));
        string nameless = Run(Programs.RedisCli!, ["--tls", "-p", $"{server.Port}", "--cacert", server.File("ca.crt"), "PING"]);
        Assert.DoesNotContain("PONG", nameless, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public async Task StackExchange_Redis_speaks_it(string authClients)
    {
        using TlsServer server = TlsServer.Start("--tls-auth-clients", authClients);
        ConfigurationOptions options = ConfigurationOptions.Parse(
            $"127.0.0.1:{server.Port},ssl=true,sslHost=localhost,syncTimeout=60000,asyncTimeout=60000,connectTimeout=60000");
        options.SslClientAuthenticationOptions = _ => TestCertificates.ClientOptions(authClients == "yes" ? TestCertificates.Client : null);
        await using ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        IDatabase database = multiplexer.GetDatabase();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => database.StringIncrementAsync("counter")));
        Assert.Equal(1000, await database.StringGetAsync("counter"));
        TaskCompletionSource<string> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, message) => heard.TrySetResult(message!));
        await database.PublishAsync(RedisChannel.Literal("news"), "hello");
        string message = await heard.Task.WaitAsync(TimeSpan.FromMilliseconds(Patience.LimitMs), TestContext.Current.CancellationToken);
        Assert.Equal("hello", message);
    }

    [Fact]
    public void Ioredis_speaks_it()
    {
        string node = Interpreters.Node(["ioredis"]);
        using TlsServer server = TlsServer.Start();
        ClientProgram.Tell(
            node, "ioredis-tls.cjs", [$"{server.Port}", server.File("ca.crt"), server.File("client.crt"), server.File("client.key")]);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public void Redis_py_speaks_it(string authClients)
    {
        string python = Interpreters.Python("redis");
        using TlsServer server = TlsServer.Start("--tls-auth-clients", authClients);
        ClientProgram.Tell(python, "redis_tls.py", StoryArguments(server, authClients == "yes"));
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public void Phpredis_speaks_it(string authClients)
    {
        string php = Interpreters.Php();
        using TlsServer server = TlsServer.Start("--tls-auth-clients", authClients);
        ClientProgram.Tell(php, "redis-tls.php", StoryArguments(server, authClients == "yes"));
    }

    /// <summary>The client library in C: redis-benchmark is built on it, as redis-cli is, with many connections and pipelines.</summary>
    [Theory]
    [InlineData("yes", 1)]
    [InlineData("no", 1)]
    [InlineData("yes", 4)]
    public void Hiredis_speaks_it(string authClients, int loops)
    {
        Assert.SkipWhen(Programs.RedisBenchmark is null, "redis-benchmark is not installed");
        using TlsServer server = TlsServer.Start("--tls-auth-clients", authClients, "--io-threads", $"{loops}");
        string[] who = authClients == "yes" ? ["--cert", server.File("client.crt"), "--key", server.File("client.key")] : [];
        string output = Run(Programs.RedisBenchmark!, [
            "--tls", "-h", "127.0.0.1", "-p", $"{server.Port}", "--cacert", server.File("ca.crt"), .. who, "-n", "4000", "-c", "60", "-P",
            "20", "-d", "300", "-r", "100", "-t", "set,get,lpush,lrange_100", "--csv"]);
        Assert.Contains("\"LRANGE_100", output, StringComparison.Ordinal);
        Assert.DoesNotContain("rror", output, StringComparison.Ordinal);
        Assert.Equal("PONG", Run(Programs.RedisCli!, [
            "--tls", "-h", "127.0.0.1", "-p", $"{server.Port}", "--cacert", server.File("ca.crt"), .. who, "PING"]));
        Assert.Equal("0", server.Info("tls_handshakes_failed"));
    }

    private static string[] StoryArguments(TlsServer server, bool hasCertificate) => hasCertificate
        ? [$"{server.Port}", server.File("ca.crt"), server.File("client.crt"), server.File("client.key")]
        : [$"{server.Port}", server.File("ca.crt")];

    private static string Run(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> complaints = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(process.WaitForExit(Patience.LimitMs));
        string text = output.Result.Trim();
        return text.Length > 0 ? text : complaints.Result.Trim();
    }
}
