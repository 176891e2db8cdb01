using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.AccessControl;

/// <summary>Attempts to log in after many failures wait for their turn, before they are looked at.</summary>
public sealed class AttemptTests
{
    private const string Wrong = "-WRONGPASS invalid username-password pair or user is disabled.";

    [Fact]
    public void Attempts_wait_for_their_turn_and_others_do_not()
    {
        var clock = new ManualClock();
        using TestServer server = TestServer.StartAt(clock, "--auth-failures-max", "20", "--requirepass", "secret");
        using RespConnection attacker = server.Connect();
        using RespConnection user = server.Connect();
        Assert.Equal("+OK", user.Call("AUTH secret").ToString());
        Assert.Equal(Wrong, attacker.Call("AUTH a").ToString());
        Assert.Equal(Wrong, attacker.Call("HELLO 3 AUTH default b").ToString());

        attacker.Send("AUTH secret\r\nPING\r\n"u8);
        Patience.Until(() => Field(user, "auth_attempts_delayed") == 1, "not delayed");
        Assert.Equal("+OK", user.Call("SET k v").ToString());
        Assert.True(attacker.IsSilent(50));

        clock.AdvanceMs(1000);
        Assert.Equal("+OK", attacker.Read().ToString());
        Assert.Equal("+PONG", attacker.Read().ToString());
    }

    [Fact]
    public void Coming_again_gains_nothing()
    {
        var clock = new ManualClock();
        using TestServer server = TestServer.StartAt(clock, "--auth-failures-max", "10", "--requirepass", "secret");
        using RespConnection user = server.ConnectUnix();
        Assert.Equal("+OK", user.Call("AUTH secret").ToString());
        for (int i = 0; i < 10; i++)
        {
            using RespConnection attacker = server.Connect();
            Assert.Equal(Wrong, attacker.Call("AUTH wrong").ToString());
        }
        for (int i = 0; i < 200; i++)
        {
            using RespConnection attacker = server.Connect();
            attacker.Send("AUTH secret\r\n"u8);
        }
        Patience.Until(() => Field(user, "auth_attempts_delayed") == 200, "not delayed");
        Patience.Until(() => user.Call("INFO clients").Text.Contains("connected_clients:1\r", StringComparison.Ordinal), "still there");
        Assert.Equal(10, Field(user, "acl_access_denied_auth"));
        using RespConnection late = server.Connect();
        Assert.Equal("-ERR Too many failed attempts to authenticate. Try again in some seconds.", late.Call("AUTH secret").ToString());
        Assert.Equal("-NOAUTH Authentication required.", late.Call("PING").ToString());
    }

    [Fact]
    public void Nobody_waits_in_a_transaction()
    {
        using TestServer server = TestServer.StartAt(new ManualClock(), "--auth-failures-max", "10");
        using RespConnection attacker = server.Connect();
        attacker.Call("ACL SETUSER u on >p +@all");
        Assert.Equal(Wrong, attacker.Call("AUTH u x").ToString());
        attacker.Call("MULTI");
        attacker.Call("AUTH u p");
        attacker.Call("ACL WHOAMI");
        Assert.Equal(
            "*[-ERR Too many failed attempts to authenticate. Try again in some seconds., \"default\"]", attacker.Call("EXEC").ToString());
    }

    [Fact]
    public void It_can_be_switched_off()
    {
        using TestServer server = TestServer.StartAt(new ManualClock(), "--auth-failures-max", "1");
        using RespConnection connection = server.Connect();
        Assert.Equal("+OK", connection.Call("CONFIG SET auth-failures-max 0").ToString());
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(Wrong, connection.Call("AUTH u x").ToString());
        }
    }

    private static long Field(RespConnection connection, string name) => InfoText.Number(connection, name, "stats");
}
