using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tls;

/// <summary>Whatever works over a plain connection works over an encrypted one, on one loop and on several.</summary>
public sealed class TrafficTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_pipeline_of_megabytes_goes_both_ways(int loops)
    {
        using TlsServer server = TlsServer.Start("--io-threads", $"{loops}");
        using RespConnection client = server.Connect();
        string value = new('v', 700);
        using MemoryStream requests = new();
        for (int number = 0; number < 10_000; number++)
        {
            requests.Write(CommandLine.Encode($"SET key:{number} {value}{number}"));
            requests.Write(CommandLine.Encode($"GET key:{number}"));
        }
        byte[] bytes = requests.ToArray();
        Thread sending = new(() => client.Send(bytes));
        sending.Start();
        for (int number = 0; number < 10_000; number++)
        {
            Assert.Equal("OK", client.Read().Text);
            Assert.Equal($"{value}{number}", client.Read().Text);
        }
        sending.Join();
    }

    [Fact]
    public void A_value_of_a_hundred_megabytes_comes_back()
    {
        using TlsServer server = TlsServer.Start();
        using RespConnection client = server.Connect();
        const int Size = 100_000_000;
        client.Send(Encoding.ASCII.GetBytes($"*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n${Size}\r\n"));
        byte[] part = new byte[1_000_000];
        Array.Fill(part, (byte)'z');
        for (int sent = 0; sent < Size; sent += part.Length)
        {
            client.Send(part);
        }
        client.Send("\r\n"u8);
        Assert.Equal("OK", client.Read().Text);
        client.Send("GET large");
        Assert.Equal(Size, client.SkipBulk((byte)'z'));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Messages_and_waits_arrive(int loops)
    {
        using TlsServer server = TlsServer.Start("--io-threads", $"{loops}");
        using RespConnection first = server.Connect();
        using RespConnection second = server.Connect();
        using RespConnection plain = server.ConnectPlain();
        first.Call("SUBSCRIBE news");
        second.Send("BLPOP queue 0");
        plain.AwaitBlocked(1);
        plain.Call("PUBLISH news hello");
        plain.Call("RPUSH queue job");
        Assert.Contains("hello", first.Read().ToString(), StringComparison.Ordinal);
        Assert.Contains("job", second.Read().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_are_listed_and_closed()
    {
        using TlsServer server = TlsServer.Start();
        using RespConnection client = server.Connect();
        using RespConnection other = server.Connect();
        other.Call("CLIENT SETNAME other");
        string list = client.Call("CLIENT LIST").Text;
        string line = list.Split('\n').Single(static line => line.Contains("name=other", StringComparison.Ordinal));
        Assert.Contains($" laddr=127.0.0.1:{server.Port} ", line, StringComparison.Ordinal);
        string id = line.Split(' ')[0]["id=".Length..];
        Assert.Equal("1", client.Call($"CLIENT KILL ID {id}").Text);
        Assert.Empty(other.ReadToEnd());
        Assert.Equal("PONG", client.Call("PING").Text);
    }

    [Fact]
    public void Who_is_one_too_many_is_told_so()
    {
        using TlsServer server = TlsServer.Start("--maxclients", "1");
        using RespConnection client = server.Connect();
        Assert.Equal("PONG", client.Call("PING").Text);
        using RespConnection other = server.Connect();
        Assert.Equal("ERR max number of clients reached", other.Read().Text);
        Assert.Empty(other.ReadToEnd());
    }

    [Fact]
    public void Who_does_not_read_is_closed()
    {
        using TlsServer server = TlsServer.Start("--client-output-buffer-limit", "normal 2mb 0 0 pubsub 2mb 0 0");
        using RespConnection client = server.Connect();
        using RespConnection plain = server.ConnectPlain();
        client.Call("SUBSCRIBE news");
        string message = new('x', 1_000_000);
        for (int count = 0; count < 40; count++)
        {
            plain.Call($"PUBLISH news {message}");
        }
        server.Server.WaitForLine("scheduled to be closed ASAP for overcoming of output buffer limits");
        Assert.Equal("PONG", plain.Call("PING").Text);
    }

    /// <summary>More come at once than are served in a round, and all are served.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Hundreds_may_come_at_once(int loops)
    {
        using TlsServer server = TlsServer.Start("--io-threads", $"{loops}");
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(number => Task.Run(() =>
        {
            using RespConnection client = server.Connect();
            return client.Call($"ECHO {number}").Text;
        })));
        Assert.Equal(Enumerable.Range(0, 300).Select(static number => $"{number}"), answers);
    }
}
