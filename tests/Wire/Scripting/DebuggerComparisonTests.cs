using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Scripting;

/// <summary>
/// A script is debugged as Redis 7.0.15 lets it be, to the byte: by a client that speaks the protocol itself, and by redis-cli.
/// </summary>
public sealed partial class DebuggerComparisonTests
{
    private const string Script = """
        local a = 1
        local t = {1, 2, {x = 'y'}}
        local function f(x)
          local y = x + 1
          redis.debug('in f', y, t, nil, true, 'a\0\n"', {}, 1.5, 1e300)
          return y
        end
        local r = redis.call('set', KEYS[1], ARGV[1])
        local g = redis.pcall('incr', KEYS[1])
        f(3)
        redis.breakpoint()
        for i = 1, 2 do
          a = a + i
        end
        local big = string.rep('x', 300)
        local n = {} n.n = {n = {n = {n = n}}}
        redis.call('rpush', 'list', 1, 2, 'three', big)
        redis.call('lrange', 'list', 0, -1) redis.call('get', 'nosuch') redis.call('llen', 'list')
        redis.pcall('nosuch') redis.pcall() redis.pcall('get', {}) redis.error_reply('x y') redis.pcall('get')
        redis.pcall('set', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
        redis.setresp(3)
        redis.call('hgetall', 'nosuch') redis.call('smembers', 'nosuch') redis.call('get', 'nosuch')
        redis.call('zadd', 'z', 1.5, 'm') redis.call('zscore', 'z', 'm')
        pcall(function() redis.sha1hex() end)
        return {a, redis.call('get', KEYS[1])}

        """;

    private static readonly string[] s_looking =
    [
        "help", "h", "H", "p", "print", "p a", "p t", "p f x", "l", "list", "l 3", "l 3 1", "l 0 2", "l 99", "l -1", "l x",
        "l 5 0", "l 5 -1",
        "w", "WHOLE", "b", "break", "b 4", "b 4", "b 99 x -4 -5 9 2", "b", "b 0", "b 1 2 3", "b 0", "t", "trace", "p KEYS", "p ARGV",
        "p nosuch", "p redis", "e 1+1", "eval return 1", "e 'a'", "e {1, 2, x = 3}", "e x(", "e error('x')", "e nil", "e a",
        "e KEYS[1] .. ARGV[1]", "e redis.call('ping')", "e local x = 1", "e return return", "e redis.breakpoint()", "e 1, 2", "e",
        "e math.pi", "e ('x'):rep(300)", "r ping", "redis get nosuch", "r nosuch", "r set", "r lpush k", "r", "redis",
        "m", "maxlen", "m 5", "m -7", "m 60", "m 61", "m 0", "m 100", "m x", "m 1 2", "foo", "x y z", "r lrange list 0 -1",
    ];

    [Theory]
    [InlineData("SYNC")]
    [InlineData("YES")]
    public void StepsAreAlike(string mode) => Same(mode, Script, Repeated(40, "s"));

    [Theory]
    [InlineData("SYNC")]
    [InlineData("YES")]
    public void VariablesAreAlike(string mode) =>
        Same(mode, Script, Repeated(34, "s", "p", "t", "p a", "p y", "p n", "p big", "l"));

    [Theory]
    [InlineData("SYNC")]
    [InlineData("YES")]
    public void WhatLooksIsAlike(string mode) =>
        Same(mode, Script, [.. s_looking, "n", "n", "n", .. s_looking, "c", "c", "c", "c", "c", "c"]);

    [Theory]
    [InlineData("SYNC")]
    [InlineData("YES")]
    public void BreakpointsAreAlike(string mode) =>
        Same(mode, Script, ["b 4 13 20", "c", "t", "p", "c", "p", "c", "p i", "b -13", "c", "m 0", "c", .. Repeated(8, "s")]);

    [Theory]
    [InlineData("SYNC", "abort")]
    [InlineData("YES", "a")]
    [InlineData("SYNC", "s s s s s s s s abort")]
    [InlineData("YES", "s s s s s s s s abort")]
    public void AbortIsAlike(string mode, string commands) => Same(mode, Script, commands.Split(' '));

    [Theory]
    [InlineData("return 1")]
    [InlineData("")]
    [InlineData("\n\n\nreturn {err = 'MY error'}\n\n")]
    [InlineData("return redis.call('nosuch')")]
    [InlineData("local x =")]
    [InlineData("error('x')")]
    [InlineData("#!lua\nreturn redis.call('get', 'k')")]
    [InlineData("#!lua flags=no-writes\nreturn redis.call('set', 'k', 1)")]
    [InlineData("#!lua flags=nosuch\nreturn 1")]
    [InlineData("#!lua")]
    [InlineData("pcall(function()\n local x = 1\n local y = 2\nend)\nreturn 'caught'")]
    [InlineData("local f = loadstring('local x = 1\\nreturn x')\nlocal y = f()\nreturn y")]
    [InlineData("local co = coroutine.wrap(function(a)\n  local b = coroutine.yield(a)\n  return b\nend)\nlocal x = co(1)\nreturn co(x)")]
    [InlineData(
        "local function f(n)\n  if n == 0 then\n    redis.breakpoint()\n    return 0\n  end\n"
        + "  return 1 + f(n - 1)\nend\nreturn f(3)")]
    [InlineData("local function f(n)\n  if n == 0 then\n    return 0\n  end\n  return f(n - 1)\nend\nreturn f(2)")]
    [InlineData(
        "local t = {}\nfunction t.g(x)\n  return x\nend\nfunction t:h()\n  return self\nend\n"
        + "t.g(1)\nt:h()\nfor k in pairs({1}) do\n  t.g(k)\nend")]
    [InlineData("redis.call('select', 3)\nredis.call('set', 'other', 1)\nreturn redis.call('dbsize')")]
    [InlineData("redis.call('flushall')\nreturn redis.call('keys', '*')")]
    [InlineData("redis.call('set', 'k', 'v', 'px', 100000)\nreturn redis.call('ttl', 'k') > 0")]
    public void ScriptsAreAlike(string script)
    {
        foreach (string mode in (string[])["SYNC", "YES"])
        {
            Same(mode, script, Repeated(25, "s", "t", "p"));
            Same(mode, script, ["c", "c", "c", "c", "c", "c"]);
        }
    }

    [Theory]
    [InlineData("*0\r\n")]
    [InlineData("*1025\r\n")]
    [InlineData("PING\r\n")]
    [InlineData("*1\r\n$0\r\n\r\n")]
    [InlineData("*1\r\n$1025\r\n")]
    [InlineData("*1\r\n:1\r\n")]
    [InlineData("*1\r\n$1\r\nxx\r\n")]
    [InlineData("garbage*1\r\n$1\r\nc\r\n")]
    [InlineData("*1junk\r\n$1junk\r\nc\r\n")]
    [InlineData("*-1\r\n")]
    public void BrokenRequestsAreAlike(string bytes)
    {
        foreach (string script in (string[])["return 1", "local ok, e = pcall(function()\nreturn 1\nend)\nreturn 2"])
        {
            Alike(connection =>
            {
                byte[] begin = Begin(connection, "SYNC", script);
                connection.Send(Encoding.Latin1.GetBytes(bytes));
                connection.ShutdownSend();
                return [begin, connection.ReadToEnd()];
            });
        }
    }

    [Fact]
    public void WhatIsNoEvalIsAlike() => Compare.SameReplies(
        """
        SCRIPT DEBUG
        SCRIPT DEBUG maybe
        SCRIPT DEBUG yes no
        SCRIPT DEBUG no
        EVAL "return redis.breakpoint()" 0
        EVAL "return redis.debug('x')" 0
        SCRIPT DEBUG yes
        EVALSHA x 0
        EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
        EVALSHA_RO e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
        SCRIPT DEBUG no
        EVAL "return 1" 0
        SCRIPT DEBUG sync
        SCRIPT DEBUG no
        EVAL "return 1" 0
        COMMAND INFO script|debug
        COMMAND GETKEYS SCRIPT DEBUG yes
        """);

    [Fact]
    public void NumbersOfKeysAreAlike()
    {
        foreach (string mode in (string[])["SYNC", "YES"])
        {
            foreach (string keys in (string[])["x", "-1", "5"])
            {
                Alike(connection =>
                {
                    connection.Call("SCRIPT DEBUG " + mode);
                    connection.Send($"EVAL \"return 1\" {keys}");
                    return [connection.ReadToEnd()];
                });
            }
        }
    }

    [Fact]
    public void APipelineIsAlike() => Alike(connection =>
    {
        connection.Send("*1\r\n$4\r\nPING\r\n*3\r\n$6\r\nSCRIPT\r\n$5\r\nDEBUG\r\n$3\r\nYES\r\n"u8);
        return [connection.ReadRaw(), connection.ReadRaw(), connection.CallRaw("EVAL \"return 1\" 0")];
    });

    [Theory]
    [InlineData("--ldb", "s\np\nredis get k\ne 1+1\nwhole\nb 4\nc\np\nc\nc\nc\nPING\n")]
    [InlineData("--ldb", "c\nrestart\ns\nabort\nGET k\n")]
    [InlineData("--ldb", "restart\ns\nrestart\nquit\n")]
    [InlineData("--ldb-sync-mode", "s\np\nredis get k\nlist\nc\nc\nGET k\n")]
    [InlineData("--ldb-sync-mode", "s\nabort\nGET k\n")]
    [InlineData("--ldb-sync-mode", "help\nnext\nquit\n")]
    public void RedisCliShowsTheSame(string option, string commands)
    {
        const string source = "local x = redis.call('incr', KEYS[1])\nlocal t = {}\nfor i = 1, 3 do\n  t[i] = i * x\nend\n"
            + "redis.breakpoint()\nreturn t\n";
        foreach (string text in (string[])[source, "local x = \n", "return {err = 'MY own'}"])
        {
            Alike((connection, address) => RunCli(address, option, text, commands));
        }
    }

    [Fact]
    public void NothingOfADebuggedScriptStays()
    {
        using TestServer server = TestServer.Start("--notify-keyspace-events", "KEAmn", "--appendonly", "yes");
        using RespConnection other = server.Connect();
        using RespConnection listener = server.Connect();
        other.Call("SET k before");
        other.Call("RPUSH l a b c");
        other.Call("SET volatile x PX 1000000");
        string digest = other.Call("DEBUG DIGEST").Text;
        long dirty = Field(other, "rdb_changes_since_last_save");
        listener.Call("PSUBSCRIBE *");
        using RespConnection client = server.Connect();
        Begin(
            client, "YES",
            "redis.call('set', 'k', 'after') redis.call('del', 'l') redis.call('set', 'new', 1) redis.call('publish', 'c', 'm')\n"
            + "redis.call('select', 2) redis.call('set', 'in2', 1)\nredis.call('select', 0) redis.call('flushall')\n"
            + "redis.call('hset', 'h', 'f', 1) redis.call('pexpire', 'volatile', 1)\nreturn redis.call('keys', '*')");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("before", other.Call("GET k").Text);
            Assert.Equal(3, other.Call("DBSIZE").Integer);
            client.CallRaw("s");
        }
        Assert.Single(client.Read().Items);
        Assert.Empty(client.ReadToEnd());
        Assert.Equal(digest, other.Call("DEBUG DIGEST").Text);
        Assert.Equal(dirty, Field(other, "rdb_changes_since_last_save"));
        Assert.True(listener.IsSilent(timeMs: 50));
    }

    [Fact]
    public void OthersGoOnMeanwhile()
    {
        using TestServer server = TestServer.Start("--io-threads", "4");
        using RespConnection other = server.Connect();
        using RespConnection client = server.Connect();
        Begin(client, "YES", "redis.call('set', 'mine', 1)\nlocal x = redis.call('get', 'theirs')\nwhile true do end");
        Assert.Equal("OK", other.Call("SET theirs 1").Text);
        client.CallRaw("s");
        client.CallRaw("s");
        client.Send("c");
        Assert.Equal("OK", other.Call("SET theirs 2").Text);
        Assert.Equal("1", other.Call("EVAL \"return redis.call('dbsize') .. ''\" 0").Text);
        Assert.StartsWith("NOTBUSY", other.Call("SCRIPT KILL").Text, StringComparison.Ordinal);
        using RespConnection second = server.Connect();
        Begin(second, "YES", "return redis.call('get', 'theirs')");
        second.Send("c");
        Assert.Equal("<endsession>", second.Read().Items[0].Text);
        Assert.Equal("2", second.Read().Text);
    }

    [Fact]
    public void OthersAreBusyWhileOneDebugsForGood()
    {
        using TestServer server = TestServer.Start("--io-threads", "4");
        using RespConnection other = server.Connect();
        using (RespConnection client = server.Connect())
        {
            Begin(client, "SYNC", "redis.call('set', 'k', 1)\nredis.call('set', 'k', 2)\nredis.breakpoint()\nredis.call('set', 'k', 3)");
            client.CallRaw("s");
            Assert.StartsWith("BUSY", other.Call("GET k").Text, StringComparison.Ordinal);
            Assert.StartsWith("UNKILLABLE", other.Call("SCRIPT KILL").Text, StringComparison.Ordinal);
        }
        Patience.Until(() => other.Call("GET k").Text == "3", "the script does not go on without its client");
        using RespConnection second = server.Connect();
        Begin(second, "SYNC", "while true do end");
        second.Send("c");
        Assert.Equal("OK", other.Call("SCRIPT KILL").Text);
        Assert.Equal("<endsession>", second.Read().Items[^1].Text);
        Assert.StartsWith("ERR Script killed by user", second.Read().Text, StringComparison.Ordinal);
        Assert.Equal("PONG", other.Call("PING").Text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void ClientsThatVanishLeaveNothing(string loops)
    {
        using TestServer server = TestServer.Start("--io-threads", loops, "--busy-reply-threshold", "50");
        using RespConnection other = server.Connect();
        other.Call("SET k before");
        foreach (string end in (string[])["s", "e while true do end", "r flushall", "c", "x", "*1"])
        {
            for (int steps = 0; steps < 6; steps++)
            {
                Leave(server, "YES", steps, end);
                Patience.Until(() => other.Call("GET k").Text == "before", "the server is busy");
            }
        }
        Assert.Equal(1, other.Call("DBSIZE").Integer);
        foreach (string end in (string[])["s", "e while true do end", "c", "x", "*1"])
        {
            Leave(server, "SYNC", 2, end);
            Patience.Until(() => other.Call("GET k").Text is "after", "the script does not come to its end");
            other.Call("SET k before");
        }
    }

    private static void Leave(TestServer server, string mode, int steps, string end)
    {
        using RespConnection client = server.Connect();
        Begin(
            client, mode,
            "redis.call('set', 'k', 'half')\nlocal x = 1\nredis.breakpoint()\nx = 2\nredis.call('set', 'k', 'after')\nwhile x do end");
        for (int i = 0; i < steps; i++)
        {
            client.CallRaw("s");
        }
        client.Send(Encoding.Latin1.GetBytes(end == "*1" ? "*1\r\n$4\r\nst" : Request(end)));
    }

    [Fact]
    public void ALoopThatDoesNotEndIsAlike() => Alike(
        connection =>
        {
            List<byte[]> replies = [Begin(connection, "SYNC", "while true do end")];
            replies.Add(connection.CallRaw("c"));
            replies.Add(connection.CallRaw("c"));
            replies.Add(connection.CallRaw("a"));
            replies.Add(connection.ReadToEnd());
            return replies;
        },
        "--busy-reply-threshold", "100");

    /// <summary>Functions are shown with their address.</summary>
    [GeneratedRegex("@0x[0-9a-f]+")]
    private static partial Regex AddressPattern { get; }

    private static byte[] Begin(RespConnection connection, string mode, string script)
    {
        Assert.Equal("OK", connection.Call("SCRIPT DEBUG " + mode).Text);
        connection.Send(Encoding.Latin1.GetBytes(
            $"*5\r\n$4\r\nEVAL\r\n${script.Length}\r\n{script}\r\n$1\r\n1\r\n$1\r\nk\r\n$1\r\nv\r\n"));
        return connection.ReadRaw();
    }

    private static string Request(string command)
    {
        string[] words = command.Split(' ');
        return $"*{words.Length}\r\n" + string.Concat(words.Select(static word => $"${word.Length}\r\n{word}\r\n"));
    }

    private static IEnumerable<string> Repeated(int count, params string[] commands) =>
        Enumerable.Repeat(commands, count).SelectMany(static each => each);

    /// <summary>Sends commands one after the other until the session ends, on both servers.</summary>
    private static void Same(string mode, string script, params IEnumerable<string> commands) => Alike(connection =>
    {
        List<byte[]> replies = [Begin(connection, mode, script)];
        foreach (string command in commands)
        {
            if (IsEnd(replies[^1]))
            {
                break;
            }
            connection.Send(Encoding.Latin1.GetBytes(Request(command)));
            replies.Add([.. Encoding.Latin1.GetBytes(command + ": "), .. connection.ReadRaw()]);
        }
        if (IsEnd(replies[^1]))
        {
            replies.Add(connection.ReadToEnd());
        }
        return replies;
    });

    private static bool IsEnd(byte[] reply) => reply.AsSpan().EndsWith("<endsession>\r\n"u8);

    private static void Alike(Func<RespConnection, IReadOnlyList<byte[]>> story, params string[] options) =>
        Alike((connection, _) => story(connection), options);

    /// <summary>Both servers give the same replies, and have the same keys at the end.</summary>
    private static void Alike(Func<RespConnection, ServerAddress, IReadOnlyList<byte[]>> story, params string[] options)
    {
        using RedisPeer redis = RedisPeer.Start(options);
        using TestServer server = TestServer.Start(options);
        string expected = Tell(redis.Connect(), redis.Connect, redis.Address, story);
        string actual = Tell(server.Connect(), server.Connect, server.Address, story);
        Assert.Equal(expected, actual);
    }

    private static string Tell(
        RespConnection connection, Func<RespConnection> connect, ServerAddress address,
        Func<RespConnection, ServerAddress, IReadOnlyList<byte[]>> story)
    {
        using (connection)
        {
            StringBuilder text = new();
            foreach (byte[] reply in story(connection, address))
            {
                text.AppendLine(Encoding.Latin1.GetString(reply));
            }
            using RespConnection after = connect();
            Patience.Until(() => after.Call("PING").Text == "PONG", "the server is busy");
            text.Append(after.Call("DBSIZE")).Append(' ').Append(after.Call("EXISTS k list z new"));
            return AddressPattern.Replace(text.ToString(), "@0x");
        }
    }

    private static long Field(RespConnection client, string name) => InfoText.Number(client, name, "persistence");

    private static IReadOnlyList<byte[]> RunCli(ServerAddress address, string option, string source, string commands)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, source);
            using Process process = new()
            {
                StartInfo = new ProcessStartInfo("redis-cli", ["-p", $"{address.Port}", option, "--eval", path, "k", ",", "a"])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                },
            };
            process.Start();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            process.StandardInput.Write(commands);
            process.StandardInput.Close();
            Assert.True(process.WaitForExit(Patience.LimitMs), "redis-cli does not end");
            return [Encoding.Latin1.GetBytes(output.GetAwaiter().GetResult())];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
