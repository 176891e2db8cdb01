using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Streams;

/// <summary>Clients that wait for entries, of one loop and of several.</summary>
public sealed class BlockingTests
{
    private const string NoGroup = "NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option";

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void All_readers_get_an_entry(string loopCount)
    {
        using var scene = new BlockingScene(loopCount);
        scene.Judge.Call("XADD s 1-1 a old");
        RespConnection[] waiting =
        [
            scene.Wait("XREAD BLOCK 0 STREAMS s $"),
            scene.Wait("XREAD COUNT 5 BLOCK 0 STREAMS s 1-1"),
            scene.Wait("XREAD BLOCK 0 STREAMS other s $ $"),
        ];
        RespConnection later = scene.Wait("XREAD BLOCK 0 STREAMS s 5-0");
        scene.Judge.Call("XADD s 2-1 a new");
        Assert.All(waiting, client => Assert.Equal("""*[*["s", *[*["2-1", *["a", "new"]]]]]""", client.Read().ToString()));
        Assert.True(later.IsSilent(20));
        scene.Judge.Call("XADD s 5-1 b new");
        Assert.Equal("""*[*["s", *[*["5-1", *["b", "new"]]]]]""", later.Read().ToString());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void Each_consumer_gets_its_own_entry(string loopCount)
    {
        using var scene = new BlockingScene(loopCount);
        scene.Judge.Call("XGROUP CREATE s g $ MKSTREAM");
        RespConnection[] waiting =
            [.. Enumerable.Range(0, 4).Select(i => scene.Wait($"XREADGROUP GROUP g c{i} COUNT 1 BLOCK 0 STREAMS s >"))];
        for (int i = 0; i < waiting.Length; i++)
        {
            scene.Judge.Call($"XADD s {i + 1}-1 n {i}");
        }
        for (int i = 0; i < waiting.Length; i++)
        {
            Assert.Equal($"""*[*["s", *[*["{i + 1}-1", *["n", "{i}"]]]]]""", waiting[i].Read().ToString());
        }
        Assert.Equal(
            """*[:4, "1-1", "4-1", *[*["c0", "1"], *["c1", "1"], *["c2", "1"], *["c3", "1"]]]""",
            scene.Judge.Call("XPENDING s g").ToString());
    }

    [Fact]
    public void An_answer_in_RESP3_is_a_map()
    {
        using var scene = new BlockingScene("1");
        RespConnection client = scene.Open();
        client.Call("HELLO 3");
        scene.Wait(client, "XREAD BLOCK 0 STREAMS s $");
        scene.Judge.Call("XADD s 1-1 a b");
        Assert.Equal("%1\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n"u8.ToArray(), client.ReadRaw());
        client.Send("XREAD BLOCK 2 STREAMS s $");
        Assert.Equal("_\r\n"u8.ToArray(), client.ReadRaw());
        client.Send("XREADGROUP GROUP g c BLOCK 2 STREAMS s >");
        Assert.True(client.Read().IsError);
    }

    [Fact]
    public void A_reader_of_the_last_entry_waits_for_the_first()
    {
        using var scene = new BlockingScene("1");
        RespConnection client = scene.Wait("XREAD BLOCK 0 STREAMS s +");
        scene.Judge.Call("XADD s 1-1 a b");
        Assert.Equal("""*[*["s", *[*["1-1", *["a", "b"]]]]]""", client.Read().ToString());
        scene.Judge.Call("XADD s 2-1 a b");
        Assert.Equal("""*[*["s", *[*["2-1", *["a", "b"]]]]]""", client.Call("XREAD BLOCK 0 STREAMS s +").ToString());
    }

    [Theory]
    [InlineData("DEL s", NoGroup)]
    [InlineData("UNLINK s", NoGroup)]
    [InlineData("FLUSHALL", NoGroup)]
    [InlineData("RENAME s t", NoGroup)]
    [InlineData("SWAPDB 0 1", NoGroup)]
    [InlineData("PEXPIRE s -1", NoGroup)]
    [InlineData("PEXPIRE s 2", NoGroup)]
    [InlineData("XGROUP DESTROY s g", NoGroup)]
    [InlineData("RENAME other s", NoGroup)]
    [InlineData("SET s text", "WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("SORT list STORE s", "WRONGTYPE Operation against a key holding the wrong kind of value")]
    public void What_a_group_is_gone_with_ends_the_wait(string command, string error)
    {
        using var scene = new BlockingScene("1");
        scene.Judge.Call("XADD other 1-1 a b");
        scene.Judge.Call("RPUSH list 1");
        scene.Judge.Call("XGROUP CREATE s g $ MKSTREAM");
        RespConnection first = scene.Wait("XREADGROUP GROUP g one BLOCK 0 STREAMS s >");
        RespConnection second = scene.Wait("XREADGROUP GROUP g two BLOCK 0 STREAMS s >");
        Assert.False(scene.Judge.Call(command).IsError);
        Assert.Equal(error, first.Read().Text);
        Assert.Equal(error, second.Read().Text);
        scene.UntilBlocked(0);
    }

    [Fact]
    public void A_reader_without_a_group_waits_on()
    {
        using var scene = new BlockingScene("1");
        scene.Judge.Call("XADD s 1-1 a b");
        RespConnection client = scene.Wait("XREAD BLOCK 0 STREAMS s $");
        Expect.Replies(scene.Judge, "DEL s => :1\nSET s text => +OK\nDEL s => :1\nLPUSH s x => :1\nDEL s => :1\nXADD s 0-5 a b => \"0-5\"");
        Assert.True(client.IsSilent(20));
        scene.Judge.Call("XADD s 1-2 a b");
        Assert.Equal("""*[*["s", *[*["1-2", *["a", "b"]]]]]""", client.Read().ToString());
    }

    [Fact]
    public void A_transaction_wakes_when_it_is_over()
    {
        using var scene = new BlockingScene("1");
        RespConnection none = scene.Wait("XREAD BLOCK 0 STREAMS t $");
        RespConnection client = scene.Wait("XREAD BLOCK 0 STREAMS s $");
        Expect.Replies(
            scene.Judge,
            """
            MULTI => +OK
            XADD t 1-1 a b => +QUEUED
            DEL t => +QUEUED
            XADD s 1-1 a b => +QUEUED
            XADD s 2-1 c d => +QUEUED
            EXEC => *["1-1", :1, "1-1", "2-1"]
            """);
        Assert.Equal("""*[*["s", *[*["1-1", *["a", "b"]], *["2-1", *["c", "d"]]]]]""", client.Read().ToString());
        Assert.True(none.IsSilent(20));
    }

    [Fact]
    public void A_group_set_back_delivers_to_who_waits()
    {
        using var scene = new BlockingScene("1");
        Expect.Replies(scene.Judge, "XADD s 1-1 a b => \"1-1\"\nXGROUP CREATE s g $ => +OK");
        RespConnection client = scene.Wait("XREADGROUP GROUP g c BLOCK 0 NOACK STREAMS s >");
        scene.Judge.Call("XGROUP SETID s g 0");
        Assert.Equal("""*[*["s", *[*["1-1", *["a", "b"]]]]]""", client.Read().ToString());
        Assert.Equal("*[:0, (nil), (nil), (nil)]", scene.Judge.Call("XPENDING s g").ToString());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void A_wait_is_ended_by_others(string loopCount)
    {
        using var scene = new BlockingScene(loopCount);
        scene.Judge.Call("XGROUP CREATE s g $ MKSTREAM");
        RespConnection client = scene.Open();
        string id = client.Call("CLIENT ID").Text;
        foreach (string command in (string[])["XREAD BLOCK 0 STREAMS s $", "XREADGROUP GROUP g c BLOCK 0 STREAMS s >"])
        {
            scene.Wait(client, command);
            Assert.Equal("1", scene.Judge.Call($"CLIENT UNBLOCK {id}").Text);
            Assert.Equal("(nil)", client.Read().ToString());
            scene.Wait(client, command);
            Assert.Equal("1", scene.Judge.Call($"CLIENT UNBLOCK {id} ERROR").Text);
            Assert.Equal("UNBLOCKED client unblocked via CLIENT UNBLOCK", client.Read().Text);
        }
        scene.Wait(client, "XREAD BLOCK 0 STREAMS s $");
        Assert.Equal("1", scene.Judge.Call($"CLIENT KILL ID {id}").Text);
        scene.UntilBlocked(0);
    }

    [Fact]
    public void A_consumer_that_waits_exists()
    {
        using var scene = new BlockingScene("1");
        scene.Judge.Call("XGROUP CREATE s g $ MKSTREAM");
        scene.Wait("XREADGROUP GROUP g c BLOCK 0 STREAMS s >");
        Assert.Equal("0", scene.Judge.Call("XGROUP CREATECONSUMER s g c").Text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task Consumers_share_all_entries(string loopCount)
    {
        const int consumerCount = 8;
        const int entryCount = 10_000;
        using TestServer server = TestServer.Start("--io-threads", loopCount);
        using RespConnection producer = server.Connect();
        producer.Call("XGROUP CREATE s g $ MKSTREAM");
        Task<List<int>>[] consumers = [.. Enumerable.Range(0, consumerCount).Select(i => Task.Run(() => Consume(server, i)))];
        for (int i = 0; i < entryCount; i++)
        {
            producer.Call($"XADD s {i + 1}-0 n {i}");
        }
        while (producer.Call("XLEN s").Integer > 0 || producer.Call("XINFO GROUPS s").Items[0].Items[9].Integer < entryCount)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        producer.Call("XGROUP DESTROY s g");
        List<int>[] done = await Task.WhenAll(consumers);
        Assert.Equal(Enumerable.Range(0, entryCount), done.SelectMany(entries => entries).Order());
        Assert.All(done, entries => Assert.Equal(entries.Order(), entries));
    }

    private static List<int> Consume(TestServer server, int number)
    {
        using RespConnection client = server.Connect();
        var done = new List<int>();
        while (true)
        {
            Reply reply = client.Call($"XREADGROUP GROUP g c{number} COUNT 3 BLOCK 0 STREAMS s >");
            if (reply.IsError)
            {
                return done;
            }
            foreach (Reply entry in reply.Items[0].Items[1].Items)
            {
                done.Add((int)entry.Items[1].Items[1].Integer);
                client.Call($"XACK s g {entry.Items[0].Text}");
                client.Call($"XDEL s {entry.Items[0].Text}");
            }
        }
    }
}
