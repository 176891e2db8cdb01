using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tracking;

/// <summary>Caches on the clients' side, beside Redis: who is told of what, in which order, byte for byte.</summary>
public sealed class TrackingTests
{
    [Fact]
    public void What_was_read_is_told_once() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on
        B2: MSET a 1 b 2 c 3
        A3: GET a
        A3: MGET b c nosuch
        B2: SET a 2
        B2: SET a 3
        B2: DEL b c
        B2: SET nosuch 1
        A3: GET a
        A3: SET a 4
        A3: SET a 5
        A3: STRLEN a | INCR a | GET a | INCR a | PING
        A3: SELECT 1 | GET a
        B2: SET a 9
        A3: CLIENT TRACKING off
        A3: GET a
        B2: SET a 10
        """);

    [Fact]
    public void Every_type_is_tracked() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on
        B2: RPUSH l a b c
        B2: SADD s 1 2 3
        B2: HSET h f v g w
        B2: ZADD z 1 a 2 b
        B2: PFADD p x
        B2: GEOADD g 1 1 x
        B2: SET t 1
        A3: LRANGE l 0 -1 | SMEMBERS s | HGET h f | ZSCORE z a | PFCOUNT p | GEOPOS g x | STRLEN t | TTL t
        B2: LPOP l
        B2: SREM s 1
        B2: HDEL h g
        B2: ZINCRBY z 1 a
        B2: PFADD p y
        B2: GEOADD g 2 2 y
        B2: EXPIRE t 1000
        A3: EXISTS l s | TYPE h | OBJECT ENCODING z | LLEN l | SORT_RO l | ZUNION 2 z g | SINTERCARD 1 s | BITCOUNT t | DUMP p
        B2: RENAME l l2
        B2: COPY s s2
        B2: HSET h f v2
        B2: ZREM z a
        B2: PERSIST t
        B2: DEL p
        B2: SMOVE s s3 2
        A3: GETRANGE t 0 1 | GETEX t | GETDEL t | LCS t u | GET u
        B2: SUNIONSTORE u s s3
        B2: GETDEL u
        A3: SCAN 0 COUNT 0 | KEYS nosuch* | DBSIZE
        """);

    [Fact]
    public void Failed_commands_change_nothing() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on
        B2: SET a 1
        A3: GET a | LLEN a | GET | NOSUCH a
        B2: LPUSH a 1
        B2: SET a 2 NX
        B2: INCR nosuch
        B2: SETEX a 0 1
        A3: GET nosuch
        B2: DEL nosuch2
        B2: EXPIRE nosuch2 10
        """);

    [Theory]
    [InlineData("SET a 2")]
    [InlineData("MULTI | SET a 2 | GET a | SET a 3 | EXEC")]
    [InlineData("MULTI | FLUSHALL | SET a 1 | EXEC")]
    [InlineData("FLUSHDB")]
    [InlineData("FLUSHALL ASYNC")]
    [InlineData("DEL a b")]
    [InlineData("RENAME a b")]
    [InlineData("MSET a 1 b 2")]
    public void A_client_hears_of_its_own_change_behind_the_reply(string command) => Story.SameAsRedis(
        $"""
        A3: CLIENT TRACKING on
        B3: CLIENT TRACKING on
        C2: CLIENT TRACKING on
        D2: SUBSCRIBE __redis__:invalidate
        E2: CLIENT TRACKING on REDIRECT {"{D2}"}
        A3: MSET a 1 b 1
        A3: MGET a b
        B3: MGET a b
        C2: MGET a b
        E2: MGET a b
        A3: {command}
        A3? tracking_
        """);

    [Fact]
    public void Keys_read_in_a_transaction_are_tracked() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on
        A3: MULTI | GET a | SET b 1 | GET c | EXEC
        A3? tracking_total
        B2: MSET a 1 b 1 c 1
        A3: MULTI | GET a | DISCARD
        B2: SET a 2
        """);

    [Fact]
    public void Only_what_is_asked_for() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on OPTIN
        B2: MSET a 1 b 2 c 3 d 4 e 5
        A3: GET a
        A3: CLIENT CACHING yes
        A3: CLIENT TRACKINGINFO
        A3: GET b
        A3: CLIENT TRACKINGINFO
        A3: GET c
        A3: CLIENT CACHING yes | PING | GET d
        A3: CLIENT CACHING yes | CLIENT GETNAME | CLIENT CACHING yes | GET d
        A3: CLIENT CACHING yes | MULTI | GET e | GET c | EXEC
        A3: CLIENT CACHING yes | NOSUCH | GET a
        A3: MULTI | CLIENT CACHING yes | GET a | EXEC
        B2: MSET a 2 b 3 c 4 d 5 e 6
        A3: CLIENT CACHING no
        A3: CLIENT TRACKING on OPTOUT
        """);

    [Fact]
    public void All_but_what_is_left_out() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on OPTOUT
        B2: MSET a 1 b 2 c 3
        A3: GET a
        A3: CLIENT CACHING no
        A3: CLIENT TRACKINGINFO
        A3: GET b
        A3: GET c
        A3: CLIENT CACHING no | MULTI | GET b | GET d | EXEC
        B2: MSET a 2 b 3 c 4 d 5
        A3: CLIENT CACHING yes
        """);

    [Fact]
    public void Not_of_ones_own_changes() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on NOLOOP
        B3: CLIENT TRACKING on
        A3: MSET a 1 b 2
        A3: MGET a b
        B3: MGET a b
        A3: SET a 2
        B3: SET b 3
        A3: CLIENT TRACKINGINFO
        """);

    [Fact]
    public void Broadcasting_tells_all_changes_of_a_round_together() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on BCAST
        B3: CLIENT TRACKING on BCAST PREFIX user: PREFIX item:
        C3: CLIENT TRACKING on BCAST NOLOOP
        D2: SET user:1 a | SET item:2 b | SET user:1 c | SET other 1 | DEL user:1 | SET item:1 x | SET item: y | GET other
        sync
        C3: SET user:3 1 | SET mine 1 | PING
        sync
        A3: SET a 1 | SET b 2 | PING
        sync
        B3: CLIENT TRACKING on BCAST PREFIX a
        D2: MSET a 1 user:9 2
        sync
        D2: MULTI | SET a 2 | DEL b | EXEC
        sync
        B3: CLIENT TRACKINGINFO
        A3? tracking_
        B3: CLIENT TRACKING off
        D2: FLUSHALL
        sync
        D2: MSET a 1 user:9 2 | FLUSHALL
        A3? tracking_
        """);

    [Fact]
    public void Redirected_to_subscribers_and_others() => Story.SameAsRedis(
        """
        B2: SUBSCRIBE __redis__:invalidate
        C3: PING
        D2: PING
        E2: SUBSCRIBE something:else
        A2: CLIENT TRACKING on REDIRECT {B2}
        F3: CLIENT TRACKING on REDIRECT {C3}
        G3: CLIENT TRACKING on REDIRECT {D2}
        H2: CLIENT TRACKING on REDIRECT {E2} BCAST PREFIX k
        I2: CLIENT TRACKING on REDIRECT {B2}
        A2: GET k | GET x
        F3: GET k | GET x
        G3: GET k
        I2: GET y
        D2: SET k 1
        sync
        D2: SET y 1
        D2: SET x 1
        F3: FLUSHALL
        A2: CLIENT GETREDIR
        F3: CLIENT TRACKINGINFO
        A2/ flags redir
        H2/ flags redir
        A2: CLIENT TRACKING on
        A2: CLIENT GETREDIR
        A2: CLIENT TRACKING off
        A2: CLIENT GETREDIR
        A2/ flags redir
        """);

    [Fact]
    public void A_broken_redirection_is_told() => Story.SameAsRedis(
        """
        B2: SUBSCRIBE __redis__:invalidate
        A3: CLIENT TRACKING on REDIRECT {B2}
        C2: CLIENT TRACKING on REDIRECT {B2}
        A3: MGET a b
        C2: MGET a b
        close B2
        wait 100
        A3: CLIENT TRACKINGINFO
        D2: SET a 1
        A3: CLIENT TRACKINGINFO
        C2: CLIENT TRACKINGINFO
        A3/ flags
        C2/ flags
        A3: SET b 1
        A3: CLIENT TRACKING on
        A3/ flags redir
        A3: GET a
        D2: SET a 2
        """);

    [Fact]
    public void Keys_that_expire_are_told() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on
        A3: MULTI | SET lazy 1 PX 1000 | GET lazy | EXEC
        B3: CLIENT TRACKING on BCAST
        until C2 DBSIZE :0
        sync
        C2: SET a 1
        sync
        A3: GET a
        C2: PEXPIRE a -1
        sync
        A3: GET a
        C2: SET a 1 PXAT 1
        """);

    [Fact]
    public void A_key_that_expires_under_its_reader_is_told_behind_the_reply() => Story.SameAsRedis(
        """
        A3: DEBUG SET-ACTIVE-EXPIRE 0
        A3: CLIENT TRACKING on
        A3: MULTI | MSET x 1 z 3 | SET y 2 PX 300 | MGET x y z | EXEC
        wait 350
        A3: MGET x y z
        A3: SET y 1
        """,
        "--enable-debug-command", "yes");

    [Fact]
    public void A_woken_client_hears_behind_its_reply() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on
        B2: RPUSH to a
        A3: LRANGE to 0 -1
        B2: LPUSH from x
        A3: BLMOVE from to LEFT LEFT 0
        """);

    [Fact]
    public void Mistakes() => Story.SameAsRedis(
        """
        B2: PING
        A3: CLIENT TRACKING
        A3: CLIENT TRACKING maybe
        A3: CLIENT TRACKING on nosuch
        A3: CLIENT TRACKING on REDIRECT
        A3: CLIENT TRACKING on REDIRECT x
        A3: CLIENT TRACKING on REDIRECT 0
        A3: CLIENT TRACKING on REDIRECT 987654321
        A3: CLIENT TRACKING off REDIRECT 987654321
        A3: CLIENT TRACKING on REDIRECT {B2} REDIRECT {B2}
        A3: CLIENT TRACKING on PREFIX a
        A3: CLIENT TRACKING on PREFIX
        A3: CLIENT TRACKING on BCAST OPTIN
        A3: CLIENT TRACKING on BCAST OPTOUT
        A3: CLIENT TRACKING on OPTIN OPTOUT
        A3: CLIENT TRACKING on BCAST PREFIX foo PREFIX foobar
        A3: CLIENT TRACKING on BCAST PREFIX foobar PREFIX foo
        A3: CLIENT TRACKING on BCAST PREFIX foo PREFIX foo
        A3: CLIENT CACHING yes
        A3: CLIENT CACHING
        A3: CLIENT CACHING maybe
        A3: CLIENT TRACKINGINFO
        A3: CLIENT TRACKINGINFO x
        A3: CLIENT GETREDIR x
        A3: CLIENT TRACKING on
        A3: CLIENT CACHING yes
        A3: CLIENT CACHING no
        A3: CLIENT CACHING maybe
        A3: CLIENT TRACKING on BCAST
        A3: CLIENT TRACKING on OPTIN
        A3: CLIENT TRACKING on OPTOUT
        A3: CLIENT CACHING no
        A3: CLIENT TRACKING off nosuch
        A3: CLIENT TRACKING off
        A3: CLIENT TRACKING on BCAST PREFIX foo
        A3: CLIENT TRACKING on BCAST PREFIX foobar
        A3: CLIENT TRACKING on BCAST PREFIX f
        A3: CLIENT TRACKING on BCAST PREFIX foo
        A3: CLIENT TRACKING on BCAST PREFIX bar
        A3: CLIENT TRACKING on
        A3: CLIENT TRACKINGINFO
        A3: RESET
        A3: CLIENT TRACKINGINFO
        A2: CLIENT TRACKING on NOLOOP OPTIN
        A2: CLIENT TRACKINGINFO
        A2/ flags redir
        A2? tracking_
        """);

    [Fact]
    public void Invalidations_come_before_key_events() => Story.SameAsRedis(
        """
        A3: CLIENT TRACKING on
        A3: PSUBSCRIBE __keyevent*
        A3: MGET a b
        sync
        B2: SET a 1
        B2: DEL a
        sync
        A3: GET a
        B2: RPUSH a 1
        B2: SET b 1 EX 100
        """,
        "--notify-keyspace-events", "EA");

    [Fact]
    public void Clients_that_want_no_replies_are_told_nevertheless()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        using RespConnection other = server.Connect();
        client.Call("HELLO 3");
        client.Call("CLIENT TRACKING on");
        client.Call("MGET a b");
        client.Send("CLIENT REPLY OFF");
        client.Send("SET a 1");
        Assert.Equal(">[\"invalidate\", *[\"a\"]]", client.Read().ToString());
        other.Call("SET b 1");
        Assert.Equal(">[\"invalidate\", *[\"b\"]]", client.Read().ToString());
        Assert.Equal("+OK", client.Call("CLIENT REPLY ON").ToString());
    }

    /// <summary>Here Redis 7.0 says nothing, and the client's cache stays wrong.</summary>
    [Fact]
    public void Clients_hear_of_what_they_did_not_do()
    {
        ManualClock clock = new();
        using TestServer server = TestServer.StartAt(clock, "--enable-debug-command", "yes");
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("DEBUG SET-ACTIVE-EXPIRE 0");
        client.Call("CLIENT TRACKING on NOLOOP");
        client.Call("SET a 1 PX 300");
        client.Call("GET a");
        clock.AdvanceMs(301);
        Assert.True(client.Call("GET a").IsNull);
        Assert.Equal(">[\"invalidate\", *[\"a\"]]", client.Read().ToString());
        Assert.Equal("+OK", client.Call("SWAPDB 0 1").ToString());
        Assert.Equal(">[\"invalidate\", (nil)]", client.Read().ToString());
    }

    /// <summary>Every key that is forgotten is told, and none twice; which ones is chance.</summary>
    [Fact]
    public void A_table_that_is_too_large_forgets()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("CLIENT TRACKING on");
        const int Count = 300;
        for (int i = 0; i < Count; i++)
        {
            client.Call($"GET key:{i}");
        }
        using RespConnection other = server.Connect();
        other.Call("CONFIG SET tracking-table-max-keys 10");
        HashSet<string> told = [];
        while (told.Count < Count - 10)
        {
            Reply push = client.Read();
            Assert.Equal("invalidate", push.Items[0].Text);
            Assert.True(told.Add(push.Items[1].Items[0].Text));
        }

        string stats = other.Call("INFO stats").Text;
        Assert.Contains("tracking_total_keys:10\r\n", stats, StringComparison.Ordinal);
        Assert.Contains("tracking_total_items:10\r\n", stats, StringComparison.Ordinal);
    }

    [Fact]
    public void Evicted_keys_are_told_before_the_reply()
    {
        using TestServer server = TestServer.Start("--maxmemory-policy", "allkeys-random");
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("CLIENT TRACKING on");
        client.Call($"SET key {new string('x', 3_000_000)}");
        client.Call("STRLEN key");
        using (RespConnection other = server.Connect())
        {
            other.Call("CONFIG SET maxmemory 1mb");
        }
        Assert.Equal(">[\"invalidate\", *[\"key\"]]", client.Call("PING").ToString());
        Assert.Equal("+PONG", client.Read().ToString());
    }

    [Fact]
    public void A_tracking_client_that_never_reads_is_cut_by_its_limit()
    {
        using TestServer server = TestServer.Start("--client-output-buffer-limit", "normal", "1mb", "0", "0");
        using RespConnection deaf = server.Connect();
        using RespConnection writer = server.Connect();
        deaf.Call("HELLO 3");
        deaf.Call("CLIENT TRACKING on BCAST");
        string key = new('k', 100_000);
        while (!writer.Call("INFO clients").Text.Contains("tracking_clients:0", StringComparison.Ordinal))
        {
            Assert.Equal("+OK", writer.Call($"SET {key} 1").ToString());
        }
        Assert.Contains("client_output_buffer_limit_disconnections:1", writer.Call("INFO stats").Text, StringComparison.Ordinal);
        Assert.Contains("tracking_total_prefixes:0", writer.Call("INFO stats").Text, StringComparison.Ordinal);
    }

    /// <summary>Clients of another loop are told too, in the order of the changes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Invalidations_cross_event_loops(int threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads.ToString(System.Globalization.CultureInfo.InvariantCulture));
        RespConnection[] readers = [.. Enumerable.Range(0, 4).Select(_ => server.Connect())];
        using RespConnection writer = server.Connect();
        foreach (RespConnection reader in readers)
        {
            reader.Call("HELLO 3");
            reader.Call("CLIENT TRACKING on");
        }

        for (int i = 0; i < 100; i++)
        {
            foreach (RespConnection reader in readers)
            {
                reader.Call("MGET a b");
            }
            writer.Call($"MSET a {i} b {i}");
            foreach (RespConnection reader in readers)
            {
                Assert.Equal(">[\"invalidate\", *[\"a\"]]", reader.Read().ToString());
                Assert.Equal(">[\"invalidate\", *[\"b\"]]", reader.Read().ToString());
            }
        }

        foreach (RespConnection reader in readers)
        {
            reader.Dispose();
        }
    }
}
