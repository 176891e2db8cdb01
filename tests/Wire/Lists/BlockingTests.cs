using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Lists;

/// <summary>Clients that wait for lists, of one loop and of several.</summary>
public sealed class BlockingTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void Who_came_first_is_served_first(string loopCount)
    {
        using var scene = new BlockingScene(loopCount);
        RespConnection[] waiting = [.. Enumerable.Range(0, 6).Select(_ => scene.Wait("BLPOP q 0"))];
        scene.Judge.Call("RPUSH q a b");
        scene.Judge.Call("RPUSH q c d e");
        scene.Judge.Call("RPUSH q f");
        Assert.Equal(["a", "b", "c", "d", "e", "f"], waiting.Select(client => client.Read().Items[1].Text));
        Assert.Equal("0", scene.Judge.Call("EXISTS q").Text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void A_client_waits_for_the_first_of_several_keys(string loopCount)
    {
        using var scene = new BlockingScene(loopCount);
        RespConnection left = scene.Wait("BLPOP k1 k2 k3 k2 0");
        RespConnection right = scene.Wait("BRPOP k3 k2 0");
        Assert.Contains("total_blocking_keys:3", scene.Judge.Call("INFO clients").Text, StringComparison.Ordinal);
        scene.Judge.Call("RPUSH k2 a b");
        Assert.Equal("""*["k2", "a"]""", left.Read().ToString());
        Assert.Equal("""*["k2", "b"]""", right.Read().ToString());
        string info = scene.Judge.Call("INFO clients").Text;
        Assert.Contains("total_blocking_keys:0", info, StringComparison.Ordinal);
        Assert.Contains("blocked_clients:0", info, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RENAME other q", "x")]
    [InlineData("COPY other q", "x")]
    [InlineData("LMOVE other q LEFT LEFT", "x")]
    [InlineData("RPOPLPUSH other q", "z")]
    [InlineData("LMOVEM other q LEFT RIGHT COUNT 2 OBO", "x")]
    [InlineData("SWAPDB 0 1", "w")]
    public void Any_command_that_makes_a_list_wakes(string command, string expected)
    {
        using var scene = new BlockingScene("1");
        Expect.Replies(scene.Judge, "RPUSH other x y z => :3\nSELECT 1 => +OK\nRPUSH q w => :1\nSELECT 0 => +OK");
        RespConnection client = scene.Wait("BLPOP q 0");
        Assert.False(scene.Judge.Call(command).IsError);
        Assert.Equal(expected, client.Read().Items[1].Text);
    }

    [Fact]
    public void A_list_from_another_database_wakes()
    {
        using var scene = new BlockingScene("1");
        Expect.Replies(scene.Judge, "SELECT 1 => +OK\nRPUSH q w => :1");
        RespConnection client = scene.Wait("BLPOP q 0");
        Assert.Equal("1", scene.Judge.Call("MOVE q 0").Text);
        Assert.Equal("w", client.Read().Items[1].Text);
    }

    [Fact]
    public void A_restored_list_wakes()
    {
        using var scene = new BlockingScene("1");
        scene.Judge.Call("RPUSH other x");
        RespConnection client = scene.Wait("BLPOP q 0");
        byte[] dump = scene.Judge.Call("DUMP other").Bytes;
        byte[] length = Encoding.ASCII.GetBytes($"${dump.Length}\r\n");
        scene.Judge.Send([.. "*4\r\n$7\r\nRESTORE\r\n$1\r\nq\r\n$1\r\n0\r\n"u8, .. length, .. dump, .. "\r\n"u8]);
        Assert.Equal("OK", scene.Judge.Read().Text);
        Assert.Equal("x", client.Read().Items[1].Text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void One_move_feeds_the_next(string loopCount)
    {
        using var scene = new BlockingScene(loopCount);
        RespConnection last = scene.Wait("BLPOP c 0");
        RespConnection second = scene.Wait("BLMOVE b c LEFT RIGHT 0");
        RespConnection first = scene.Wait("BRPOPLPUSH a b 0");
        scene.Judge.Call("RPUSH a job");
        Assert.Equal("job", first.Read().Text);
        Assert.Equal("job", second.Read().Text);
        Assert.Equal("""*["c", "job"]""", last.Read().ToString());
        Assert.Equal("0", scene.Judge.Call("DBSIZE").Text);
    }

    [Fact]
    public void Moves_in_a_circle_end()
    {
        using var scene = new BlockingScene("1");
        RespConnection there = scene.Wait("BLMOVE a b LEFT RIGHT 0");
        RespConnection back = scene.Wait("BLMOVE b a LEFT RIGHT 0");
        RespConnection self = scene.Wait("BLMOVE a a LEFT RIGHT 0");
        scene.Judge.Call("RPUSH a x");
        Assert.Equal("x", there.Read().Text);
        Assert.Equal("x", back.Read().Text);
        Assert.Equal("x", self.Read().Text);
        Assert.Equal("""*["x"]""", scene.Judge.Call("LRANGE a 0 -1").ToString());
    }

    [Fact]
    public void A_wrong_type_leaves_the_client_waiting()
    {
        using var scene = new BlockingScene("1");
        RespConnection client = scene.Wait("BLPOP q 0");
        scene.Judge.Call("SET q string");
        Assert.True(client.IsSilent(20));
        scene.Judge.Call("DEL q");
        scene.Judge.Call("RPUSH q x");
        Assert.Equal("x", client.Read().Items[1].Text);
    }

    [Fact]
    public void A_target_of_the_wrong_type_is_an_error()
    {
        using var scene = new BlockingScene("1");
        RespConnection client = scene.Wait("BLMOVE q s LEFT LEFT 0");
        RespConnection next = scene.Wait("BLPOP q 0");
        scene.Judge.Call("SET s string");
        scene.Judge.Call("RPUSH q x");
        Assert.StartsWith("WRONGTYPE", client.Read().Text, StringComparison.Ordinal);
        Assert.Equal("x", next.Read().Items[1].Text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void A_wait_is_ended_by_others(string loopCount)
    {
        using var scene = new BlockingScene(loopCount);
        RespConnection byTimeout = scene.Open();
        string id = byTimeout.Call("CLIENT ID").Text;
        scene.Wait(byTimeout, "BLPOP q 0");
        Assert.Equal("1", scene.Judge.Call($"CLIENT UNBLOCK {id}").Text);
        Assert.Equal("(nil)", byTimeout.Read().ToString());
        scene.Wait(byTimeout, "BLMOVE q r LEFT LEFT 0");
        Assert.Equal("1", scene.Judge.Call($"CLIENT UNBLOCK {id} ERROR").Text);
        Assert.StartsWith("UNBLOCKED", byTimeout.Read().Text, StringComparison.Ordinal);
        Assert.Equal("0", scene.Judge.Call($"CLIENT UNBLOCK {id}").Text);

        scene.Wait(byTimeout, "BRPOP q 0");
        RespConnection gone = scene.Wait("BRPOP q 0");
        RespConnection last = scene.Wait("BRPOP q 0");
        Assert.Equal("1", scene.Judge.Call($"CLIENT KILL ID {id}").Text);
        gone.Dispose();
        scene.UntilBlocked(1);
        scene.Judge.Call("RPUSH q x");
        Assert.Equal("x", last.Read().Items[1].Text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void Time_ends_a_wait(string loopCount)
    {
        using var scene = new BlockingScene(loopCount);
        RespConnection[] clients = [.. Enumerable.Range(0, 4).Select(_ => scene.Open())];
        foreach (RespConnection client in clients)
        {
            client.Call("HELLO 3");
            client.Send("BLPOP q 0.005");
            client.Send("BLMPOP 0.005 2 q r LEFT");
        }
        foreach (RespConnection client in clients)
        {
            Assert.Equal("_\r\n"u8.ToArray(), client.ReadRaw());
            Assert.Equal("_\r\n"u8.ToArray(), client.ReadRaw());
        }
        scene.UntilBlocked(0);
    }

    [Fact]
    public void What_was_sent_behind_a_wait_is_answered_behind_it()
    {
        using var scene = new BlockingScene("1");
        RespConnection client = scene.Open();
        client.Send("BLPOP q 0");
        client.Send("PING");
        client.Send("BLPOP q 0");
        client.Send("ECHO end");
        scene.UntilBlocked(1);
        scene.Judge.Call("RPUSH q 1");
        Assert.Equal("1", client.Read().Items[1].Text);
        Assert.Equal("PONG", client.Read().Text);
        scene.UntilBlocked(1);
        scene.Judge.Call("RPUSH q 2");
        Assert.Equal("2", client.Read().Items[1].Text);
        Assert.Equal("end", client.Read().Text);
    }

    [Fact]
    public void A_waiter_that_needs_more_waits_on_while_others_are_served()
    {
        using var scene = new BlockingScene("1");
        RespConnection three = scene.Wait("BLMOVEM q r LEFT RIGHT 0 EXACTLY 3 BULK");
        RespConnection one = scene.Wait("BLPOP q 0");
        scene.Judge.Call("RPUSH q a");
        Assert.Equal("a", one.Read().Items[1].Text);
        Assert.Equal("2", scene.Judge.Call("RPUSH q b c").Text);
        scene.Judge.Call("RPUSH q d e");
        Assert.Equal("""*["b", "c", "d"]""", three.Read().ToString());
        Assert.Equal("""*["e"]""", scene.Judge.Call("LRANGE q 0 -1").ToString());
    }

    [Fact]
    public void Nobody_waits_within_a_transaction() => Compare.SameReplies(
        """
        MULTI
        BLPOP q 0
        BRPOP q r 0
        BLMPOP 0 1 q LEFT
        BLMOVE q r LEFT LEFT 0
        BRPOPLPUSH q r 0
        RPUSH q a b
        BLPOP q 0
        EXEC
        LRANGE q 0 -1
        """);

    [Fact]
    public void A_transaction_wakes_when_it_is_over()
    {
        using var scene = new BlockingScene("1");
        RespConnection first = scene.Wait("BLPOP q 0");
        RespConnection second = scene.Wait("BLPOP q r 0");
        Expect.Replies(
            scene.Judge,
            """
            MULTI => +OK
            RPUSH q gone => +QUEUED
            DEL q => +QUEUED
            RPUSH r other => +QUEUED
            RPUSH q stays => +QUEUED
            EXEC => *[:1, :1, :1, :1]
            """);
        Assert.Equal("""*["q", "stays"]""", first.Read().ToString());
        Assert.Equal("""*["r", "other"]""", second.Read().ToString());
    }

    [Fact]
    public void A_wait_is_one_call()
    {
        using var scene = new BlockingScene("1");
        RespConnection client = scene.Wait("BLPOP q 0");
        scene.Judge.Call("RPUSH q x");
        client.Read();
        Assert.Contains("cmdstat_blpop:calls=1,", scene.Judge.Call("INFO commandstats").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task Twenty_workers_take_every_job_once(string loopCount)
    {
        const int workerCount = 20;
        const int jobCount = 20_000;
        using TestServer server = TestServer.Start("--io-threads", loopCount);
        Task<List<int>>[] workers = [.. Enumerable.Range(0, workerCount).Select(_ => Task.Run(() => Work(server)))];
        using RespConnection boss = server.Connect();
        for (int job = 0; job < jobCount; job += 10)
        {
            boss.Call($"LPUSH jobs {string.Join(' ', Enumerable.Range(job, 10))}");
        }
        for (int i = 0; i < workerCount; i++)
        {
            boss.Call("LPUSH jobs -1");
        }
        List<int>[] done = await Task.WhenAll(workers);
        Assert.Equal(Enumerable.Range(0, jobCount), done.SelectMany(jobs => jobs).Order());
        Assert.All(done, jobs => Assert.Equal(jobs.Order(), jobs));
    }

    private static List<int> Work(TestServer server)
    {
        using RespConnection client = server.Connect();
        var jobs = new List<int>();
        while (true)
        {
            int job = (int)client.Call("BRPOP jobs 0").Items[1].Integer;
            if (job < 0)
            {
                return jobs;
            }
            jobs.Add(job);
        }
    }
}
