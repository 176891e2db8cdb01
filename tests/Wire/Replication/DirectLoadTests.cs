using System.Text;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>
/// repl-diskless-load: a snapshot that is loaded while it comes, in the place of nothing, or beside the old data, which is there again
/// whatever goes wrong.
/// </summary>
public sealed class DirectLoadTests : IDisposable
{
    private const string OldLibrary = "#!lua name=l\nredis.register_function{function_name='f', callback=function() return 1 end, "
        + "flags={'no-writes'}}";

    private const string NewLibrary = "#!lua name=l\nredis.register_function{function_name='f', callback=function() return 2 end, "
        + "flags={'no-writes'}}";

    private static readonly string s_mark = new('e', 40);

    private readonly FakePrimary _primary = new();
    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private readonly RespConnection _client;

    public DirectLoadTests()
    {
        _server = TestServer.StartAt(
            _clock, "--enable-debug-command", "yes", "--repl-timeout", "5", "--io-threads", "2", "--repl-diskless-load", "swapdb",
            "--replica-read-only", "no");
        _client = _server.Connect();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _primary.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_old_data_of_the_same_history_is_used_meanwhile(bool hasMark)
    {
        Follow();
        using RespConnection link = NextToPsync(out string request);
        Assert.Equal($"PSYNC {FakePrimary.Id} 8", request);
        byte[] snapshot = FakePrimary.SnapshotOf([("a", "new"), ("c", "3")], NewLibrary);
        SendHeader(link, FakePrimary.Id, 100, hasMark ? null : snapshot.Length);
        link.Send(snapshot.AsSpan(0, snapshot.Length - 20));
        AwaitState(loading: 0, aside: 1);
        Assert.Equal("old", _client.Call("GET a").Text);
        Assert.Equal("1", _client.Call("FCALL_RO f 0").Text);
        Assert.Equal("2", _client.Call("DBSIZE").Text);
        Assert.Equal("OK", _client.Call("SET lost 1").Text);
        foreach (string refused in (string[])
            ["REPLICAOF NO ONE", "CONFIG SET appendonly no", "CONFIG SET repl-diskless-load disabled", "BGSAVE", "SAVE", "BGREWRITEAOF",
                "PSYNC ? -1"])
        {
            Assert.StartsWith("LOADING", _client.Call(refused).Text, StringComparison.Ordinal);
        }
        Assert.Equal("1", ReplicaPair.Field(_client, "master_sync_in_progress"));
        Assert.Equal("sync", _client.Call("ROLE").Items[3].Text);
        link.Send(snapshot.AsSpan(snapshot.Length - 20));
        link.Send(Encoding.ASCII.GetBytes(hasMark ? s_mark : ""));
        Assert.Equal("REPLCONF ACK 100", FakePrimary.NextAcknowledgement(link));
        AwaitState(loading: 0, aside: 0);
        Assert.Equal("new", _client.Call("GET a").Text);
        Assert.Equal("2", _client.Call("DBSIZE").Text);
        Assert.Equal("2", _client.Call("FCALL_RO f 0").Text);
        link.Send(CommandLine.Encode("SET d 4"));
        Patience.Until(() => _client.Call("GET d").Text == "4");
        _server.WaitForLine("Swapping active DB with loaded DB");
    }

    [Fact]
    public void Whoever_watches_waits_or_caches_is_told_of_the_change()
    {
        using RespConnection replica = _server.Connect();
        Follow(connected: () =>
        {
            replica.Send($"PSYNC {FakePrimary.Id} 8");
            Assert.StartsWith("+CONTINUE", replica.ReadLine(), StringComparison.Ordinal);
        });
        using RespConnection watching = _server.Connect();
        watching.Call("WATCH b");
        using RespConnection waiting = _server.Connect();
        waiting.Send("BLPOP list 0");
        _client.AwaitBlocked(1);
        using RespConnection caching = _server.Connect();
        caching.Call("HELLO 3");
        caching.Call("CLIENT TRACKING ON");
        caching.Call("GET b");
        using RespConnection link = NextToPsync(out _);
        byte[] list = [1, 4, .. "list"u8, 1, 1, .. "x"u8];
        byte[] snapshot = FakePrimary.SnapshotOf("a", "new");
        SendHeader(link, FakePrimary.Id, 100, snapshot.Length + list.Length);
        link.Send(snapshot.AsSpan(0, 11));
        link.Send(list);
        AwaitState(loading: 0, aside: 1);
        watching.Call("MULTI");
        watching.Call("GET a");
        Assert.True(replica.IsSilent(50));
        link.Send(snapshot.AsSpan(11));
        Assert.Equal("REPLCONF ACK 100", FakePrimary.NextAcknowledgement(link));
        Assert.True(watching.Call("EXEC").IsNull);
        Assert.Equal("x", waiting.Read().Items[1].Text);
        Assert.Equal("invalidate", caching.Read().Items[0].Text);
        replica.ReadToEnd();
    }

    [Fact]
    public void The_old_data_of_another_history_is_not_shown_but_comes_back()
    {
        Follow();
        using (RespConnection link = NextToPsync(out _))
        {
            SendHeader(link, new string('9', 40), 100, null);
            link.Send(FakePrimary.SnapshotOf("a", "new").AsSpan(0, 15));
            AwaitState(loading: 1, aside: 0);
            Assert.StartsWith("LOADING", _client.Call("GET a").Text, StringComparison.Ordinal);
        }
        _server.WaitForLine("the old data stays");
        AwaitState(loading: 0, aside: 0);
        Assert.Equal("old", _client.Call("GET a").Text);
        using RespConnection again = NextToPsync(out string request);
        Assert.Equal($"PSYNC {FakePrimary.Id} 8", request);
        Succeed(again);
    }

    [Theory]
    [InlineData("swapdb")]
    [InlineData("on-empty-db")]
    public void Cut_anywhere_it_leaves_what_there_was(string way)
    {
        Follow(way);
        byte[] snapshot = FakePrimary.SnapshotOf([("a", "new"), ("k", "v")], NewLibrary);
        bool isAside = way == "swapdb";
        int cutCount = 0;
        for (int size = 0; size < snapshot.Length; size += size < 24 || size > snapshot.Length - 10 ? 3 : 23)
        {
            cutCount++;
            using (RespConnection link = NextToPsync(out _))
            {
                SendHeader(link, FakePrimary.Id, 100, cutCount % 2 == 0 ? null : snapshot.Length);
                link.Send(snapshot.AsSpan(0, size));
                _server.WaitForLine("Loading DB in memory");
            }
            Patience.Until(() => _server.Log.Split("loading failed:").Length == cutCount + 1);
            AwaitState(loading: 0, aside: 0);
            Assert.Equal(isAside ? "2" : "0", _client.Call("DBSIZE").Text);
            Assert.Equal(isAside ? "1" : "ERR Function not found", _client.Call("FCALL_RO f 0").Text);
        }
        using RespConnection good = NextToPsync(out _);
        Succeed(good);
        Assert.Equal("2", ReplicaPair.Field(_client, "rdb_changes_since_last_save"));
    }

    [Theory]
    [InlineData("swapdb", "mark", "the mark does not follow")]
    [InlineData("on-empty-db", "mark", "the mark does not follow")]
    [InlineData("swapdb", "checksum", "the checksum is wrong")]
    [InlineData("on-empty-db", "checksum", "the checksum is wrong")]
    [InlineData("swapdb", "length", "the file is not as long as was announced")]
    [InlineData("on-empty-db", "length", "the file is not as long as was announced")]
    [InlineData("swapdb", "garbage", "this is no RDB file")]
    [InlineData("on-empty-db", "garbage", "this is no RDB file")]
    [InlineData("swapdb", "twice", "comes twice")]
    [InlineData("on-empty-db", "twice", "comes twice")]
    public void What_is_wrong_with_it_is_named(string way, string wrong, string line)
    {
        Follow(way);
        using (RespConnection link = NextToPsync(out _))
        {
            byte[] snapshot = wrong == "twice"
                ? FakePrimary.SnapshotOf([("a", "1"), ("a", "2")])
                : FakePrimary.SnapshotOf("a", "new");
            snapshot[^1] = (byte)(wrong == "checksum" ? 1 : 0);
            snapshot[0] = (byte)(wrong == "garbage" ? 'X' : 'R');
            SendHeader(link, FakePrimary.Id, 100, wrong == "length" ? snapshot.Length + 1 : null);
            link.Send(snapshot);
            link.Send(Encoding.ASCII.GetBytes(wrong switch { "mark" => new string('f', 40), "length" => "x", _ => s_mark }));
            _server.WaitForLine(line);
        }
        Assert.Equal(way == "swapdb" ? "2" : "0", _client.Call("DBSIZE").Text);
        using RespConnection good = NextToPsync(out _);
        Succeed(good);
    }

    [Theory]
    [InlineData("swapdb", 0)]
    [InlineData("swapdb", 15)]
    [InlineData("on-empty-db", 0)]
    [InlineData("on-empty-db", 15)]
    public void Silence_ends_in_time(string way, int size)
    {
        Follow(way);
        using RespConnection link = NextToPsync(out _);
        SendHeader(link, FakePrimary.Id, 100, null);
        link.Send(FakePrimary.SnapshotOf("a", "new").AsSpan(0, size));
        Patience.Until(() =>
        {
            _clock.AdvanceMs(20);
            return _server.Log.Contains("timeout receiving bulk data", StringComparison.Ordinal);
        });
        AwaitState(loading: 0, aside: 0);
        using RespConnection good = NextToPsync(out _);
        Succeed(good);
    }

    [Fact]
    public void A_primary_that_is_slow_is_told_that_there_is_somebody()
    {
        Follow();
        using RespConnection link = NextToPsync(out _);
        byte[] snapshot = FakePrimary.SnapshotOf("a", "new");
        SendHeader(link, FakePrimary.Id, 100, snapshot.Length);
        for (int i = 0; i < snapshot.Length - 1; i++)
        {
            link.Send(snapshot.AsSpan(i, 1));
            Patience.Until(() => ReplicaPair.Number(_client, "master_sync_read_bytes") == i + 1);
            _clock.AdvanceMs(3000);
        }
        Assert.Equal((byte)'\n', link.ReadBytes(1)[0]);
        link.Send(snapshot.AsSpan(snapshot.Length - 1));
        Assert.Equal("REPLCONF ACK 100", FakePrimary.NextAcknowledgement(link));
        Assert.Equal("new", _client.Call("GET a").Text);
    }

    [Fact]
    public void A_primary_that_has_sent_all_is_not_needed_any_more()
    {
        Follow();
        using (RespConnection link = NextToPsync(out _))
        {
            SendHeader(link, FakePrimary.Id, 100, null);
            link.Send([.. FakePrimary.SnapshotOf("a", "new"), .. Encoding.ASCII.GetBytes(s_mark)]);
        }
        Patience.Until(() => _client.Call("GET a").Text == "new");
        using RespConnection again = NextToPsync(out string request);
        Assert.Equal($"PSYNC {FakePrimary.Id} 101", request);
    }

    [Fact]
    public void What_follows_the_mark_unasked_ends_the_connection_only()
    {
        Follow();
        using (RespConnection link = NextToPsync(out _))
        {
            SendHeader(link, FakePrimary.Id, 100, null);
            link.Send([.. FakePrimary.SnapshotOf("a", "new"), .. Encoding.ASCII.GetBytes(s_mark), .. CommandLine.Encode("SET a 2")]);
            _server.WaitForLine("bytes follow its snapshot unasked");
        }
        Assert.Equal("new", _client.Call("GET a").Text);
        using RespConnection again = NextToPsync(out string request);
        Assert.Equal($"PSYNC {FakePrimary.Id} 101", request);
    }

    [Theory]
    [InlineData("swapdb")]
    [InlineData("on-empty-db")]
    public void Sizes_that_are_claimed_take_little_memory(string way)
    {
        const long indexSizeMax = 50_000_000;
        Follow(way);
        using RespConnection link = NextToPsync(out _);
        SendHeader(link, FakePrimary.Id, 100, null);
        byte[] sizes = [0xfb, 0x80, 0x7f, 0xff, 0xff, 0xff, 0];
        link.Send(
        [
            .. "REDIS0010"u8, 0xfe, 0, .. sizes, 0xfe, 1, .. sizes, 0xfe, 2, .. sizes, 0, 1, .. "k"u8, 0x80, 0x7f, 0, 0, 0,
        ]);
        _server.WaitForLine("Loading DB in memory");
        Assert.InRange(ReplicaPair.Number(_client, "used_memory"), 0, 20_000_000 + indexSizeMax);
        link.Flood(new byte[100_000], 10_000_000, 200);
        Assert.InRange(ReplicaPair.Number(_client, "used_memory"), 0, 40_000_000 + indexSizeMax);
        link.Reset();
        _server.WaitForLine("loading failed");
        using RespConnection good = NextToPsync(out _);
        Succeed(good);
    }

    [Fact]
    public void Where_there_are_keys_it_comes_by_a_file()
    {
        Follow();
        _client.Call("CONFIG SET repl-diskless-load on-empty-db");
        using (RespConnection link = NextToPsync(out _))
        {
            SendHeader(link, new string('9', 40), 100, null);
            link.Send(FakePrimary.SnapshotOf("a", "new"));
            _server.WaitForLine("streamed RDB from primary with EOF to disk");
            Assert.Equal("old", _client.Call("GET a").Text);
        }
        Assert.Equal("old", _client.Call("GET a").Text);
        Assert.Equal(
            "ERR CONFIG SET failed (possibly related to argument 'repl-diskless-load') - argument(s) must be one of the following: "
            + "disabled, on-empty-db, swapdb, flush-before-load, flushdb",
            _client.Call("CONFIG SET repl-diskless-load x").Text);
    }

    [Theory]
    [InlineData("flush-before-load")]
    [InlineData("flushdb")]
    public void The_old_data_may_go_first(string way)
    {
        Follow();
        Assert.Equal("OK", _client.Call($"CONFIG SET repl-diskless-load {way}").Text);
        Assert.Equal("flush-before-load", _client.Call("CONFIG GET repl-diskless-load").Items[1].Text);
        using (RespConnection link = NextToPsync(out _))
        {
            SendHeader(link, FakePrimary.Id, 100, null);
            link.Send(FakePrimary.SnapshotOf("a", "new").AsSpan(0, 15));
            AwaitState(loading: 1, aside: 0);
            Assert.StartsWith("LOADING", _client.Call("GET a").Text, StringComparison.Ordinal);
        }
        _server.WaitForLine("the half-loaded data is discarded");
        AwaitState(loading: 0, aside: 0);
        Assert.Equal("0", _client.Call("DBSIZE").Text);
        Assert.Equal("ERR Function not found", _client.Call("FCALL_RO f 0").Text);
        using RespConnection good = NextToPsync(out _);
        Succeed(good);
    }

    [Fact]
    public void A_server_ends_in_the_middle_of_it()
    {
        Follow();
        using RespConnection link = NextToPsync(out _);
        SendHeader(link, FakePrimary.Id, 100, null);
        link.Send([.. "REDIS0010"u8, 0xfe, 0, 0, 1, .. "k"u8, 0x80, 0x00, 0xff, 0xff, 0xff]);
        AwaitState(loading: 0, aside: 1);
        _client.Send("SHUTDOWN NOSAVE");
        Assert.Empty(_client.ReadToEnd());
    }

    /// <summary>Becomes a replica with data and a function, and loses its primary.</summary>
    private void Follow(string way = "swapdb", Action? connected = null)
    {
        bool isAside = way == "swapdb";
        _client.Call($"CONFIG SET repl-diskless-load {way}");
        _client.Call($"REPLICAOF 127.0.0.1 {_primary.Port}");
        byte[] snapshot = isAside
            ? FakePrimary.SnapshotOf([("a", "old"), ("b", "2")], OldLibrary)
            : FakePrimary.SnapshotOf([]);
        using (RespConnection link = _primary.AcceptToStream(snapshot, 7))
        {
            connected?.Invoke();
        }
        _server.WaitForLine("ended while connected");
    }

    private void AwaitState(int loading, int aside) => Patience.Until(
        () => ReplicaPair.Number(_client, "loading") == loading && ReplicaPair.Number(_client, "async_loading") == aside,
        () => $"it is not loading as it should:\n{_server.Log}");

    private static void SendHeader(RespConnection link, string id, long offset, int? size) => link.Send(Encoding.ASCII.GetBytes(
        $"+FULLRESYNC {id} {offset}\r\n" + (size is { } length ? $"${length}\r\n" : $"$EOF:{s_mark}\r\n")));

    private void Succeed(RespConnection link)
    {
        SendHeader(link, FakePrimary.Id, 200, null);
        link.Send([.. FakePrimary.SnapshotOf("good", "1"), .. Encoding.ASCII.GetBytes(s_mark)]);
        Assert.Equal("REPLCONF ACK 200", FakePrimary.NextAcknowledgement(link));
        Assert.Equal("1", _client.Call("GET good").Text);
        Assert.Equal("1", _client.Call("DBSIZE").Text);
    }

    private RespConnection NextToPsync(out string request)
    {
        (RespConnection link, request) = _primary.AcceptToPsync(_clock, stepMs: 200);
        return link;
    }
}
