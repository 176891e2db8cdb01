using System.Diagnostics;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Connection;

/// <summary>What CLIENT and WAIT do to connections, beyond their replies.</summary>
public sealed class ClientTests : IDisposable
{
    private const int SilenceMs = 150;

    private readonly TestServer _server = TestServer.Start();
    private readonly RespConnection _first;
    private readonly RespConnection _second;

    public ClientTests()
    {
        _first = _server.Connect();
        _second = _server.Connect();
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _server.Dispose();
    }

    /// <summary>A list is as long as it says, whatever was answered before it in the same round.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Lists_follow_other_replies(int version)
    {
        _first.Call($"HELLO {version}");
        string id = _first.Call("CLIENT ID").Text;
        string[] requests =
        [
            "PING", "CLIENT LIST", "CLIENT LIST TYPE normal", $"CLIENT LIST ID {id}", "CLIENT INFO",
            "MULTI", "PING", "CLIENT LIST", "EXEC", "PING",
        ];
        _first.Send([.. requests.SelectMany(CommandLine.Encode)]);
        Assert.Equal("PONG", _first.Read().Text);
        for (int i = 0; i < 4; i++)
        {
            string list = _first.Read().Text;
            Assert.Contains($"id={id} ", list, StringComparison.Ordinal);
            Assert.EndsWith("\n", list, StringComparison.Ordinal);
        }
        for (int i = 0; i < 4; i++)
        {
            _first.Read();
        }
        Assert.Equal("PONG", _first.Read().Text);
    }

    [Fact]
    public void Lists()
    {
        _second.Call("CLIENT SETNAME two");
        _second.Call("CLIENT SETINFO lib-name my-lib");
        _second.Call("CLIENT SETINFO LIB-VER 1.2.3");
        _second.Call("CLIENT NO-EVICT ON");
        _second.Call("CLIENT NO-TOUCH ON");
        _second.Call("HELLO 3");
        _second.Call("SELECT 5");
        string id = _second.Call("CLIENT ID").Text;
        string line = _first.Call($"CLIENT LIST ID {id}").Text;
        Assert.Contains($"id={id} addr=127.0.0.1:", line, StringComparison.Ordinal);
        Assert.Contains(" name=two ", line, StringComparison.Ordinal);
        Assert.Contains(" flags=eT db=5 ", line, StringComparison.Ordinal);
        Assert.Contains(" cmd=client|id user=default redir=-1 resp=3 lib-name=my-lib lib-ver=1.2.3", line, StringComparison.Ordinal);
        Assert.Equal(2, _first.Call("CLIENT LIST").Text.Count(character => character == '\n'));
        Assert.Equal(2, _first.Call("CLIENT LIST TYPE normal").Text.Count(character => character == '\n'));
        Assert.Equal("", _first.Call("CLIENT LIST TYPE pubsub").Text);
        Assert.Equal("-ERR lib-name cannot contain spaces, newlines or special characters.",
            _first.Call("CLIENT SETINFO lib-name \"a b\"").ToString());
        Assert.Equal("-ERR Unrecognized option 'bogus'", _first.Call("CLIENT SETINFO bogus x").ToString());
        _second.Call("RESET");
        Assert.Contains(" flags=N db=0 ", _second.Call("CLIENT INFO").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Kills()
    {
        string id = _second.Call("CLIENT ID").Text;
        Assert.Equal(":0", _first.Call($"CLIENT KILL ID {id} USER default TYPE pubsub").ToString());
        Assert.Equal(":1", _first.Call($"CLIENT KILL ID {id} USER default TYPE normal").ToString());
        Assert.Empty(_second.ReadToEnd());

        using RespConnection third = _server.Connect();
        string address = Field(third.Call("CLIENT INFO").Text, "addr");
        Assert.Equal("+OK", _first.Call($"CLIENT KILL {address}").ToString());
        Assert.Empty(third.ReadToEnd());
        Assert.Equal("-ERR No such client", _first.Call($"CLIENT KILL {address}").ToString());

        string own = _first.Call("CLIENT ID").Text;
        Assert.Equal(":0", _first.Call($"CLIENT KILL ID {own}").ToString());
        Assert.Equal(":1", _first.Call($"CLIENT KILL ID {own} SKIPME no").ToString());
        Assert.Empty(_first.ReadToEnd());
    }

    [Fact]
    public void Waits_end_in_time()
    {
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(":0", _first.Call("WAIT 1 200").ToString());
        Assert.InRange(watch.ElapsedMilliseconds, 190, RespConnection.PatienceMs);
        Assert.Equal(":0", _first.Call("WAIT 0 0").ToString());
    }

    [Fact]
    public void Unblocks()
    {
        string id = _first.Call("CLIENT ID").Text;
        Assert.Equal(":0", _second.Call($"CLIENT UNBLOCK {id}").ToString());
        _first.Send("WAIT 1 0");
        _first.Send("PING");
        _second.AwaitBlocked(1);
        Assert.Contains(" flags=b ", _second.Call($"CLIENT LIST ID {id}").Text, StringComparison.Ordinal);
        Assert.Equal(":1", _second.Call($"CLIENT UNBLOCK {id}").ToString());
        Assert.Equal(":0", _first.Read().ToString());
        Assert.Equal("+PONG", _first.Read().ToString());
        _first.Send("WAIT 1 0");
        _second.AwaitBlocked(1);
        Assert.Equal(":1", _second.Call($"CLIENT UNBLOCK {id} ERROR").ToString());
        Assert.Equal("-UNBLOCKED client unblocked via CLIENT UNBLOCK", _first.Read().ToString());
        _first.Send("WAIT 1 0");
        _second.AwaitBlocked(1);
        Assert.Equal(":1", _second.Call($"CLIENT KILL ID {id}").ToString());
        Assert.Empty(_first.ReadToEnd());
    }

    [Fact]
    public void Pauses()
    {
        Assert.Equal("+OK", _second.Call("CLIENT PAUSE 60000 WRITE").ToString());
        Assert.Equal("(nil)", _first.Call("GET k").ToString());
        _first.Send("SET k v");
        _first.Send("GET k");
        Assert.True(_first.IsSilent(SilenceMs));
        Assert.Equal("+OK", _second.Call("CLIENT UNPAUSE").ToString());
        Assert.Equal("+OK", _first.Read().ToString());
        Assert.Equal("v", _first.Read().Text);

        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal("+OK", _second.Call("CLIENT PAUSE 300").ToString());
        Assert.Equal("+PONG", _first.Call("PING").ToString());
        Assert.InRange(watch.ElapsedMilliseconds, 290, RespConnection.PatienceMs);
    }

    [Fact]
    public void Replies_can_be_silenced()
    {
        foreach (string command in new[] { "CLIENT REPLY SKIP", "PING one", "PING two" })
        {
            _first.Send(command);
        }
        Assert.Equal("two", _first.Read().Text);
        foreach (string command in new[] { "CLIENT REPLY OFF", "PING", "CLIENT REPLY SKIP", "NOSUCH", "CLIENT REPLY ON", "PING three" })
        {
            _first.Send(command);
        }
        Assert.Equal("+OK", _first.Read().ToString());
        Assert.Equal("three", _first.Read().Text);
    }

    private static string Field(string line, string name) =>
        line.Split(' ').Single(word => word.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}
