using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.AccessControl;

/// <summary>Ways around a password and around rules, tried.</summary>
public sealed class BypassTests
{
    private const string NoAuth = "-NOAUTH Authentication required.";
    private const string NoKey = "-NOPERM No permissions to access a key";

    [Fact]
    public void Nothing_runs_before_a_password()
    {
        using TestServer server = TestServer.Start("--requirepass", "secret");
        using RespConnection connection = server.Connect();
        foreach (string request in (ReadOnlySpan<string>)
            [
                "PING", "GET k", "MULTI", "SUBSCRIBE c", "MONITOR", "SHUTDOWN NOSAVE", "CONFIG SET requirepass \"\"", "ACL WHOAMI",
                "ACL SETUSER default nopass", "CLIENT KILL ID 1", "CLIENT REPLY OFF", "EVAL \"return 1\" 0", "SELECT 1", "COMMAND",
                "ECHO x",
            ])
        {
            Assert.Equal(NoAuth, connection.Call(request).ToString());
        }
        connection.Send("PING\r\nSET k v\r\n"u8);
        Assert.Equal(NoAuth, connection.Read().ToString());
        Assert.Equal(NoAuth, connection.Read().ToString());
        Assert.Equal("+RESET", connection.Call("RESET").ToString());
        Assert.Equal(NoAuth, connection.Call("GET k").ToString());
        Assert.StartsWith("-NOAUTH HELLO must be", connection.Call("HELLO 3").ToString(), StringComparison.Ordinal);
        Assert.Equal("+OK", connection.Call("AUTH secret").ToString());
        Assert.Equal("(nil)", connection.Call("GET k").ToString());
    }

    [Fact]
    public void What_is_sent_after_a_wrong_password_does_not_run()
    {
        using TestServer server = TestServer.Start("--requirepass", "secret");
        using RespConnection connection = server.Connect();
        connection.Send("AUTH wrong\r\nSET k v\r\nAUTH default wrong\r\nMULTI\r\nSET k v\r\nEXEC\r\nAUTH secret\r\nGET k\r\n"u8);
        string[] replies = [.. Enumerable.Range(0, 8).Select(_ => connection.Read().ToString())];
        Assert.Equal(
            [
                "-WRONGPASS invalid username-password pair or user is disabled.", NoAuth,
                "-WRONGPASS invalid username-password pair or user is disabled.", NoAuth, NoAuth,
                "-EXECABORT Transaction discarded because of: NOAUTH Authentication required.", "+OK", "(nil)",
            ],
            replies);
    }

    [Fact]
    public void A_failed_login_leaves_who_one_was()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        connection.Call("ACL SETUSER small on >p ~k +get +acl|whoami");
        connection.Call("ACL SETUSER off >p +@all ~*");
        Assert.Equal("+OK", connection.Call("AUTH small p").ToString());
        foreach (string request in (ReadOnlySpan<string>)["AUTH off p", "AUTH small wrong", "AUTH nobody p", "HELLO 3 AUTH off p"])
        {
            Assert.StartsWith("-WRONGPASS", connection.Call(request).ToString(), StringComparison.Ordinal);
            Assert.Equal("small", connection.Call("ACL WHOAMI").Text);
        }
        Assert.Equal(NoKey, connection.Call("GET other").ToString());
    }

    [Fact]
    public void Scripts_have_the_rights_of_their_client()
    {
        using TestServer server = TestServer.Start();
        using RespConnection admin = server.Connect();
        using RespConnection user = Login(server, admin, "+eval +evalsha +get +@pubsub ~k* &c");
        admin.Call("MSET k1 v other secret");
        Assert.Equal("v", user.Call("EVAL \"return redis.call('get', KEYS[1])\" 1 k1").Text);
        Assert.Equal(NoKey, user.Call("EVAL \"return redis.call('get', KEYS[1])\" 1 other").ToString());
        Assert.StartsWith(
            "-ERR ACL failure in script: No permissions to access a key",
            user.Call("EVAL \"return redis.call('get', 'other')\" 0").ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            "-ERR ACL failure in script: User u has no permissions to run the 'set' command",
            user.Call("EVAL \"return redis.call('set', 'k1', 'x')\" 0").ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            "-ERR ACL failure in script: No permissions to access a channel",
            user.Call("EVAL \"return redis.pcall('publish', 'd', 'x')\" 0").ToString(), StringComparison.Ordinal);
        Assert.Equal(
            "*[:1, (nil), (nil), (nil)]",
            user.Call(
                "EVAL \"return {redis.acl_check_cmd('get', 'k1'), redis.acl_check_cmd('get', 'other'), "
                    + "redis.acl_check_cmd('set', 'k1', 'v'), redis.acl_check_cmd('publish', 'd', 'x')}\" 0").ToString());
        Assert.Contains("\"lua\"", admin.Call("ACL LOG").ToString(), StringComparison.Ordinal);
        string digest = admin.Call("SCRIPT LOAD \"return redis.call('get', ARGV[1])\"").Text;
        Assert.StartsWith("-ERR ACL failure in script", user.Call($"EVALSHA {digest} 0 other").ToString(), StringComparison.Ordinal);
        Assert.Equal("v", admin.Call("GET k1").Text);
    }

    [Fact]
    public void Keys_are_found_wherever_they_stand()
    {
        using TestServer server = TestServer.Start();
        using RespConnection admin = server.Connect();
        using RespConnection user = Login(server, admin, "+@all -@admin ~k* %R~r*");
        admin.Call("SET other secret");
        admin.Call("RPUSH k1 1 2");
        foreach (string request in (ReadOnlySpan<string>)
            [
                "MSET k2 v other x", "RENAME k1 other", "COPY k1 other", "COPY other k3", "SORT k1 STORE other",
                "SORT k1 STORE k2 STORE other",
                "SORT k1 LIMIT 0 1 store other", "SINTERSTORE other k8 k9", "SUNION k8 other", "ZUNIONSTORE k5 2 k8 other",
                "ZUNIONSTORE other 1 k8", "XREAD COUNT 1 STREAMS k7 other 0 0", "BITOP AND other k8", "BITOP NOT k8 other",
                "GEORADIUS k8 1 1 1 m STORE other", "GEORADIUS k8 1 1 1 m STORE k2 STOREDIST other", "LMPOP 2 k8 other LEFT",
                "OBJECT ENCODING other",
                "BLMPOP 1 2 k8 other LEFT", "EVAL \"return 1\" 1 other", "MEMORY USAGE other", "SET r1 v", "GETDEL r1", "SMOVE k8 other m",
                "LMOVE k1 other LEFT LEFT", "RPOPLPUSH k1 other", "PFMERGE other k8", "WATCH other", "TOUCH k1 other", "GETEX other",
                "SET r1 v GET", "BITFIELD r1 SET u8 0 1", "BITFIELD r1 GET u8 0 INCRBY u8 0 1", "BITFIELD r1 nonsense", "LCS k8 other",
            ])
        {
            Assert.True(NoKey == user.Call(request).ToString(), request);
        }
        Assert.StartsWith("-ERR BY option of SORT denied", user.Call("SORT k1 BY w_*").ToString(), StringComparison.Ordinal);
        Assert.StartsWith("-ERR GET option of SORT denied", user.Call("SORT k1 GET #").ToString(), StringComparison.Ordinal);
        Assert.StartsWith("-ERR GET option of SORT denied", user.Call("SORT_RO k1 GET other").ToString(), StringComparison.Ordinal);
        Assert.Equal("secret", admin.Call("GET other").Text);
        admin.Call("ACL SETUSER u %R~*");
        Assert.Equal("*[(nil), (nil)]", user.Call("SORT k1 GET w_*").ToString());
    }

    [Theory]
    [InlineData("ZUNIONSTORE other 5 k8")]
    [InlineData("ZUNIONSTORE other 0 k8")]
    [InlineData("ZUNIONSTORE other -1 k8")]
    [InlineData("ZUNIONSTORE other x k8")]
    [InlineData("ZUNIONSTORE other 9223372036854775807 k8")]
    [InlineData("ZINTERCARD 3 other")]
    [InlineData("SINTERCARD 2 other")]
    [InlineData("LMPOP 5 other LEFT")]
    [InlineData("ZMPOP 9 other MIN")]
    [InlineData("EVAL \"return redis.call('get', 'other')\" 5 k1")]
    [InlineData("EVAL \"return redis.call('get', 'other')\" -1 k1")]
    [InlineData("XREAD STREAMS other k8 0")]
    [InlineData("XREADGROUP GROUP g c STREAMS other")]
    public void Numbers_of_keys_that_lie_touch_nothing(string request)
    {
        using TestServer server = TestServer.Start();
        using RespConnection admin = server.Connect();
        using RespConnection user = Login(server, admin, "+@all -@admin ~k*");
        admin.Call("ZADD other 1 a");
        Reply reply = user.Call(request);
        Assert.True(reply.IsError, reply.ToString());
        Assert.Equal(":1", admin.Call("ZCARD other").ToString());
    }

    [Fact]
    public void Who_is_blocked_and_loses_the_right_gets_nothing()
    {
        using TestServer server = TestServer.Start();
        using RespConnection admin = server.Connect();
        using RespConnection user = Login(server, admin, "+@all ~k*");
        user.Send("BLPOP k1 0");
        Patience.Until(() => admin.Call("INFO clients").Text.Contains("blocked_clients:1", StringComparison.Ordinal), "not blocked");
        admin.Call("ACL SETUSER u resetkeys");
        admin.Call("RPUSH k1 v");
        Assert.Equal(NoKey, user.Read().ToString());
        Assert.Equal(":1", admin.Call("LLEN k1").ToString());
    }

    [Fact]
    public void Who_is_removed_is_closed_while_it_waits_subscribes_and_queues()
    {
        using TestServer server = TestServer.Start("--io-threads", "4");
        using RespConnection admin = server.Connect();
        RespConnection[] users = [.. Enumerable.Range(0, 12).Select(_ => Login(server, admin, "+@all ~* &*"))];
        for (int i = 0; i < users.Length; i++)
        {
            users[i].Send((i % 4) switch { 0 => "BLPOP k 0", 1 => "SUBSCRIBE c", 2 => "MULTI", _ => "PING" });
            if (i % 4 != 0)
            {
                users[i].Read();
            }
        }
        Patience.Until(() => admin.Call("INFO clients").Text.Contains("blocked_clients:3", StringComparison.Ordinal), "not blocked");
        Assert.Equal(":1", admin.Call("ACL DELUSER u").ToString());
        foreach (RespConnection user in users)
        {
            Assert.Empty(user.ReadToEnd());
            user.Dispose();
        }
        Assert.DoesNotContain("user=u ", admin.Call("CLIENT LIST").Text, StringComparison.Ordinal);
        Assert.Equal(":1", admin.Call("RPUSH k v").ToString());
    }

    [Fact]
    public void A_subscription_ends_with_its_right()
    {
        using TestServer server = TestServer.Start();
        using RespConnection admin = server.Connect();
        using RespConnection user = Login(server, admin, "+@all &news");
        user.Call("SUBSCRIBE news");
        admin.Call("ACL SETUSER u resetchannels &other");
        Assert.Empty(user.ReadToEnd());
        Assert.Equal(":0", admin.Call("PUBLISH news x").ToString());
    }

    [Fact]
    public void Who_changes_itself_is_answered_first()
    {
        using TestServer server = TestServer.Start();
        using RespConnection admin = server.Connect();
        using RespConnection user = Login(server, admin, "+@all &news");
        user.Call("HELLO 3");
        user.Call("SUBSCRIBE news");
        user.Send("ACL SETUSER u resetchannels\r\n"u8);
        user.Send("PING\r\n"u8);
        Assert.Equal("+OK\r\n", Encoding.ASCII.GetString(user.ReadToEnd()));
        using RespConnection again = Login(server, admin, "+@all &*");
        again.Send("ACL DELUSER u\r\nPING\r\n"u8);
        Assert.Equal(":1\r\n", Encoding.ASCII.GetString(again.ReadToEnd()));
    }

    [Fact]
    public void Client_commands_name_users()
    {
        using TestServer server = TestServer.Start();
        using RespConnection admin = server.Connect();
        using RespConnection user = Login(server, admin, "+@all -client|kill");
        Assert.Contains(" user=u ", user.Call("CLIENT INFO").Text, StringComparison.Ordinal);
        Assert.Equal("-NOPERM User u has no permissions to run the 'client|kill' command", user.Call("CLIENT KILL ID 1").ToString());
        Assert.Equal("-NOPERM User u has no permissions to run the 'client|kill' command", user.Call("cLiEnT kIlL ID 1").ToString());
        Assert.Equal(":1", admin.Call("CLIENT KILL USER u").ToString());
        Assert.Empty(user.ReadToEnd());
        Assert.Equal(":0", admin.Call("CLIENT KILL USER u").ToString());
    }

    [Fact]
    public void Renamed_commands_are_what_they_were()
    {
        using TestServer server = TestServer.Start("--rename-command", "config", "settings");
        using RespConnection admin = server.Connect();
        using RespConnection user = Login(server, admin, "+@all -config");
        Assert.Equal("-NOPERM User u has no permissions to run the 'config|get' command", user.Call("SETTINGS GET port").ToString());
        Assert.Contains("unknown command", user.Call("CONFIG GET port").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reset_and_hello_give_back_the_default_user()
    {
        using TestServer server = TestServer.Start();
        using RespConnection admin = server.Connect();
        admin.Call("ACL SETUSER boss on >p +@all ~* &*");
        admin.Call("ACL SETUSER default -@all +acl|whoami >q");
        using RespConnection user = server.Connect();
        Assert.Equal(NoAuth, user.Call("ACL WHOAMI").ToString());
        Assert.Equal('%', user.Call("HELLO 3 AUTH boss p").Type);
        Assert.Equal("boss", user.Call("ACL WHOAMI").Text);
        user.Call("RESET");
        Assert.Equal(NoAuth, user.Call("ACL WHOAMI").ToString());
        Assert.Equal("+OK", user.Call("AUTH q").ToString());
        Assert.Equal("default", user.Call("ACL WHOAMI").Text);
        Assert.StartsWith("-NOPERM", user.Call("GET k").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Passwords_are_seen_nowhere()
    {
        using TestServer server = TestServer.Start("--slowlog-log-slower-than", "0", "--latency-monitor-threshold", "1");
        using RespConnection admin = server.Connect();
        using RespConnection monitor = server.Connect();
        monitor.Call("MONITOR");
        admin.Call("ACL SETUSER u on >hush1 +@all ~* &* <nosuch-hush2");
        admin.Call("ACL SETUSER u on >hush3 +@all ~* &*");
        admin.Call("AUTH u hush3");
        admin.Call("AUTH u hush4");
        admin.Call("HELLO 3 AUTH u hush5");
        admin.Call("HELLO 3 AUTH u hush6 SETNAME x AUTH u hush7");
        admin.Call("CONFIG SET requirepass hush8");
        admin.Call("MULTI");
        admin.Call("AUTH u hush9");
        admin.Call("EXEC");
        admin.Call("PING end");
        var seen = new StringBuilder();
        for (string line = ""; !line.Contains("\"end\"", StringComparison.Ordinal);)
        {
            seen.AppendLine(line = monitor.Read().ToString());
        }
        seen.AppendLine(admin.Call("SLOWLOG GET 100").ToString());
        seen.AppendLine(admin.Call("ACL LOG").ToString());
        seen.AppendLine(admin.Call("ACL LIST").ToString());
        Assert.Contains("(redacted)", seen.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", seen.ToString(), StringComparison.Ordinal);
    }

    private static RespConnection Login(TestServer server, RespConnection admin, string rules)
    {
        Assert.Equal("+OK", admin.Call($"ACL SETUSER u on >p resetchannels {rules}").ToString());
        RespConnection user = server.Connect();
        Assert.Equal("+OK", user.Call("AUTH u p").ToString());
        return user;
    }
}
