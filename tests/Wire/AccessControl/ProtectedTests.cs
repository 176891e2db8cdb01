using System.Net;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.AccessControl;

/// <summary>What only the operator may open: DEBUG, protected settings, and the server itself to other machines.</summary>
public sealed class ProtectedTests
{
    private const string Script =
        """
        DEBUG SLEEP 0
        debug sleep 0
        DEBUG NOSUCH
        DEBUG
        CONFIG SET dbfilename other.rdb
        CONFIG SET dbfilename other.rdb maxmemory-samples 7
        CONFIG GET maxmemory-samples
        CONFIG SET enable-debug-command yes
        CONFIG SET enable-protected-configs yes
        CONFIG SET enable-module-command yes
        CONFIG SET aclfile other.acl
        CONFIG SET unixsocketperm 777
        %CONFIG GET enable-*
        MULTI
        DEBUG SLEEP 0
        CONFIG SET dbfilename other.rdb
        EXEC
        EVAL "return redis.pcall('debug', 'sleep', '0')" 0
        """;

    [Theory]
    [InlineData("no")]
    [InlineData("local")]
    [InlineData("yes")]
    public void They_are_open_to_those_of_redis(string value)
    {
        using Compare compare = new(
            "--enable-debug-command", value, "--enable-protected-configs", value, "--enable-module-command", value);
        compare.Run(Script.Split('\n'));
    }

    [Theory]
    [InlineData("no", "-ERR DEBUG command not allowed..", "-ERR CONFIG SET failed..")]
    [InlineData("local", "-ERR DEBUG command not allowed..", "-ERR CONFIG SET failed..")]
    [InlineData("yes", "+OK", "+OK")]
    public void Local_is_not_for_other_machines(string value, string debug, string config)
    {
        IPAddress? outside = Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(static address => !IPAddress.IsLoopback(address));
        Assert.SkipWhen(outside is null, "this machine has no address beyond loopback");
        using TestServer server = TestServer.Start(
            "--bind", "*", "-::*", "--protected-mode", "no", "--enable-debug-command", value, "--enable-protected-configs", value);
        using RespConnection remote = RespConnection.Open(new IPEndPoint(outside!, server.Address.Port));
        AssertAnswer(debug, remote.Call("DEBUG SLEEP 0"));
        AssertAnswer(config, remote.Call("CONFIG SET dbfilename other.rdb"));
    }

    [Fact]
    public void Protected_mode_ends_with_a_password_and_begins_without_one()
    {
        IPAddress? outside = Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(static address => !IPAddress.IsLoopback(address));
        Assert.SkipWhen(outside is null, "this machine has no address beyond loopback");
        using TestServer server = TestServer.Start("--bind", "*", "-::*");
        using RespConnection local = server.Connect();
        var there = new IPEndPoint(outside!, server.Address.Port);
        AssertDenied(there);
        string[] openings = ["CONFIG SET requirepass x", "ACL SETUSER default >x", "CONFIG SET protected-mode no"];
        foreach (string opening in openings)
        {
            Assert.Equal("+OK", local.Call(opening).ToString());
            using (RespConnection remote = RespConnection.Open(there))
            {
                Assert.False(remote.Call("HELLO 2 AUTH default x").IsError);
            }
            Assert.Equal("+OK", local.Call("ACL SETUSER default resetpass nopass").ToString());
            Assert.Equal("+OK", local.Call("CONFIG SET protected-mode yes").ToString());
            AssertDenied(there);
        }
        // A default user that is switched off protects nobody's data by a password.
        local.Call("ACL SETUSER boss on >p +@all ~* &*");
        Assert.Equal("+OK", local.Call("ACL SETUSER default off").ToString());
        AssertDenied(there);
    }

    private static void AssertDenied(IPEndPoint there)
    {
        using RespConnection remote = RespConnection.Open(there);
        Assert.StartsWith("-DENIED ", remote.Read().ToString(), StringComparison.Ordinal);
        Assert.Empty(remote.ReadToEnd());
    }

    private static void AssertAnswer(string expected, Reply reply)
    {
        string actual = reply.ToString();
        Assert.True(expected.EndsWith("..", StringComparison.Ordinal) ? actual.StartsWith(expected[..^2], StringComparison.Ordinal)
            : actual == expected, actual);
    }
}
