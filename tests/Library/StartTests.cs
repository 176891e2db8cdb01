using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bixbite.Library;

/// <summary>A server starts as its options say, and says in a sentence why it cannot.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ByItselfItListensNowhereAndLeavesNothingOnTheDisk()
    {
        string[] before = Directory.GetFileSystemEntries(Environment.CurrentDirectory);
        BixbiteOptions options = new BixbiteOptions { DataDirectory = null }.Set("enable-debug-command", "yes");
        await using (BixbiteServer server = await BixbiteServer.StartAsync(options, Cancellation))
        {
            Assert.Empty(server.EndPoints);
            Assert.True((await server.ExecuteAsync("SET", "key", "value")).AsBoolean());
            Assert.True((await server.ExecuteAsync("SAVE")).AsBoolean());
            Assert.True((await server.ExecuteAsync("CONFIG", "SET", "appendonly", "yes")).AsBoolean());
            Assert.True((await server.ExecuteAsync("DEBUG", "RELOAD")).AsBoolean());
            Assert.Equal("value", (await server.ExecuteAsync("GET", "key")).AsString());
        }
        Assert.Equal(before, Directory.GetFileSystemEntries(Environment.CurrentDirectory));
    }

    [Fact]
    public async Task AFreePortIsFoundAndTold()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Listen("127.0.0.1", 0), Cancellation);
        IPEndPoint address = Assert.IsType<IPEndPoint>(Assert.Single(server.EndPoints));
        Assert.Equal(IPAddress.Loopback, address.Address);
        Assert.Equal(address.Port, (await server.ExecuteAsync("CONFIG", "GET", "port")).AsMap()["port"].AsInt64());
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(address, Cancellation);
        Assert.Equal("+PONG\r\n", Call(client, "PING\r\n"));
        await using BixbiteServer other = await BixbiteServer.StartAsync(o => o.Listen("localhost", 0), Cancellation);
        Assert.NotEqual(address.Port, ((IPEndPoint)other.EndPoints[0]).Port);
        BixbiteException failure = await Assert.ThrowsAsync<BixbiteException>(
            () => BixbiteServer.StartAsync(o => o.Listen("127.0.0.1", address.Port), Cancellation));
        Assert.EndsWith("choose another port or address, or stop what listens there.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APasswordIsForTheNetwork()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(
            o =>
            {
                o.Listen("127.0.0.1", 0);
                o.Password = "a secret";
            },
            Cancellation);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(server.EndPoints[0], Cancellation);
        Assert.Equal("-NOAUTH Authentication required.\r\n", Call(client, "GET key\r\n"));
        Assert.True((await server.ExecuteAsync("ACL", "SETUSER", "default", "off", "-@all")).AsBoolean());
        Assert.True((await server.ExecuteAsync("SET", "key", "value")).AsBoolean());
        using Stream inside = server.Connect();
        Assert.Equal("$5\r\nvalue\r\n", Call(inside, "GET key\r\n"));
        Assert.StartsWith("-WRONGPASS", Call(inside, "AUTH default wrong\r\n"), StringComparison.Ordinal);
        Assert.Equal("$5\r\nvalue\r\n", Call(inside, "GET key\r\n"));
        Assert.Equal("+OK\r\n", Call(inside, "ACL SETUSER reader on nopass ~* +get\r\n"));
        Assert.Equal("+OK\r\n", Call(inside, "AUTH reader any\r\n"));
        Assert.StartsWith("-NOPERM", Call(inside, "SET key value\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SettingsHaveTheirNamesOfConfigurationFiles()
    {
        string file = _folder.File("redis.conf");
        await File.WriteAllTextAsync(file, "maxmemory 64mb\nport 0\n# a comment\nmaxclients 77\n", Cancellation);
        BixbiteOptions options = new BixbiteOptions().LoadFile(file).Set("maxmemory-policy", "allkeys-lru").Set("hz", "20");
        Assert.Equal(64 << 20, options.MaxMemory);
        Assert.Null(options.Password);
        options.MaxMemory = 32 << 20;
        for (int i = 0; i < 2; i++)
        {
            await using BixbiteServer server = await BixbiteServer.StartAsync(options, Cancellation);
            IReadOnlyDictionary<string, BixbiteReply> values =
                (await server.ExecuteAsync("CONFIG", "GET", "maxmemory", "maxmemory-policy", "maxclients", "hz")).AsMap();
            Assert.Equal(32 << 20, values["maxmemory"].AsInt64());
            Assert.Equal("allkeys-lru", values["maxmemory-policy"].AsString());
            Assert.Equal("77", values["maxclients"].AsString());
            Assert.Equal(20, values["hz"].AsInt64());
            Assert.Empty(server.EndPoints);
        }
    }

    [Fact]
    public async Task ASocketThatIsNamedIsTheOnlyOne()
    {
        string path = _folder.File("socket");
        await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Set("unixsocket", path), Cancellation);
        Assert.Equal(path, Assert.IsType<UnixDomainSocketEndPoint>(Assert.Single(server.EndPoints)).ToString());
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(server.EndPoints[0], Cancellation);
        Assert.Equal("+PONG\r\n", Call(client, "PING\r\n"));
    }

    [Fact]
    public async Task MistakesAreToldWhereTheyAreMade()
    {
        BixbiteOptions options = new();
        Assert.StartsWith(
            "The setting 'maxmemory' cannot be '64mbb': ",
            Assert.Throws<ArgumentException>(() => options.Set("maxmemory", "64mbb")).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MaxMemory = -1);
        Assert.Contains("'no-such 1'", Assert.Throws<ArgumentException>(() => options.Set("no-such", "1")).Message);
        Assert.Contains("DataDirectory", Assert.Throws<ArgumentException>(() => options.Set("dir", "/")).Message);
        Assert.Throws<ArgumentException>(() => options.LoadFile(_folder.File("missing")));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.Listen("127.0.0.1", 65536));
        Assert.Throws<ArgumentException>(() => options.Listen("127.0.0.1 ::1", 1));
        options.Listen("127.0.0.1", 1);
        Assert.Equal(
            "The port is 1 for '127.0.0.1', so it cannot be 2 for '::1': a server has one port. (Parameter 'port')",
            Assert.Throws<ArgumentException>(() => options.Listen("::1", 2)).Message);
        Assert.Throws<ArgumentNullException>(() => options.Time = null!);
        await File.WriteAllTextAsync(_folder.File("file"), "", Cancellation);
        BixbiteException failure = await Assert.ThrowsAsync<BixbiteException>(
            () => BixbiteServer.StartAsync(o => o.DataDirectory = _folder.File("file"), Cancellation));
        Assert.StartsWith($"The data directory '{_folder.File("file")}' cannot be made: ", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<BixbiteException>(
            () => BixbiteServer.StartAsync(o => o.Time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(-1)), Cancellation));
        Assert.EndsWith("give a time after 1970-01-01.", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BixbiteServer.StartAsync(new CancellationToken(canceled: true)));
    }

    public void Dispose() => _folder.Dispose();

    private static string Call(Socket client, string request)
    {
        using NetworkStream stream = new(client, ownsSocket: false);
        return Call(stream, request);
    }

    /// <summary>The reply, which comes whole in one piece.</summary>
    private static string Call(Stream stream, string request)
    {
        stream.ReadTimeout = stream.WriteTimeout = Wire.Harness.Patience.LimitMs;
        stream.Write(Encoding.ASCII.GetBytes(request));
        byte[] reply = new byte[1024];
        return Encoding.ASCII.GetString(reply, 0, stream.Read(reply));
    }
}
