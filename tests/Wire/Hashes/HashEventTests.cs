using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Hashes;

/// <summary>The key events of the hash commands: those of Redis, in its order.</summary>
public sealed class HashEventTests
{
    private const string Known =
        """
        HSET h a 1 b 2
        HSET h a 1
        HSETNX h c 3
        HSETNX h c 3
        HMSET h d 4
        HINCRBY h a 5
        HINCRBYFLOAT h a 0.5
        HINCRBY h b x
        HDEL h a none
        HDEL h none
        HDEL none a
        HGETALL h
        HDEL h b c d
        """;

    /// <summary>A command and what is told of it.</summary>
    private const string Newer =
        """
        HSET h a 1 b 2 c 3 d 4 => hset
        HEXPIRE h 100 FIELDS 3 a b none => hexpire
        HEXPIRE h 100 NX FIELDS 1 a =>
        HEXPIRE h 100 FIELDS 1 none =>
        HPERSIST h FIELDS 1 a => hpersist
        HPERSIST h FIELDS 2 a none =>
        HGETEX h FIELDS 1 a =>
        HGETEX h EX 100 FIELDS 1 a => hexpire
        HGETEX h PERSIST FIELDS 1 a => hpersist
        HGETEX h PERSIST FIELDS 1 a =>
        HGETEX h PXAT 1 FIELDS 1 a => hdel
        HSETEX h FIELDS 1 e 5 => hset
        HSETEX h FNX FIELDS 1 e 5 =>
        HSETEX h EX 100 FIELDS 1 e 5 => hset hexpire
        HSETEX h PXAT 1 FIELDS 1 e 5 => hset hdel
        HGETDEL h FIELDS 2 none d => hdel
        HGETDEL h FIELDS 1 none =>
        HPEXPIREAT h 1 FIELDS 1 b => hdel
        HGETDEL h FIELDS 1 c => hdel del
        HSETEX h PXAT 1 FIELDS 1 a 1 => hset hdel del
        HSET h a 1 => hset
        HEXPIRE h 0 FIELDS 1 a => hdel del
        HIMPORT PREPARE u a b =>
        HIMPORT SET h u 1 2 => hset
        """;

    [Theory]
    [InlineData("512")]
    [InlineData("0")]
    public void Events_are_those_of_Redis(string entriesMax)
    {
        string[] options = ["--notify-keyspace-events", "Egh$", "--hash-max-listpack-entries", entriesMax];
        using RedisPeer redis = RedisPeer.Start(options);
        using TestServer server = TestServer.Start(options);
        string[] script = Known.Split('\n');
        Assert.Equal(EventsOf(redis.Connect, script), EventsOf(server.Connect, script));
    }

    [Theory]
    [InlineData("512")]
    [InlineData("0")]
    public void Fields_that_expire_are_told_of(string entriesMax)
    {
        using TestServer server = TestServer.Start("--notify-keyspace-events", "Egh$", "--hash-max-listpack-entries", entriesMax);
        string[] lines = [.. Newer.Split('\n').Select(line => line.TrimEnd())];
        Assert.Equal(lines, EventsOf(server.Connect, [.. lines.Select(line => line[..line.IndexOf(" =>", StringComparison.Ordinal)])]));
    }

    [Theory]
    [InlineData("512")]
    [InlineData("0")]
    public void Expired_fields_are_told_once_and_the_key_with_the_last(string entriesMax)
    {
        ManualClock clock = new();
        using TestServer server = TestServer.StartAt(
            clock, "--notify-keyspace-events", "Eghx", "--hash-max-listpack-entries", entriesMax);
        using RespConnection subscriber = server.Connect();
        using RespConnection client = server.Connect();
        subscriber.Call("PSUBSCRIBE __keyevent@0__:*");
        client.Call("HSETEX h PX 100 FIELDS 2 a 1 b 2");
        client.Call("HSETEX h PX 3000 FIELDS 1 c 3");
        Assert.Equal(["hset", "hexpire", "hset", "hexpire"], Names(subscriber, 4));
        clock.AdvanceMs(101);
        Assert.Equal(["hexpired"], Names(subscriber, 1));
        clock.AdvanceMs(2900);
        Assert.Equal(["hexpired", "del"], Names(subscriber, 2));
    }

    private static string[] Names(RespConnection subscriber, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => subscriber.Read().Items[2].Text.Split(':')[1])];

    /// <summary>Each line with the events that its command caused; a write of another key tells where they end.</summary>
    private static List<string> EventsOf(Func<RespConnection> connect, string[] script)
    {
        using RespConnection subscriber = connect();
        using RespConnection client = connect();
        subscriber.Call("PSUBSCRIBE __keyevent@0__:*");
        List<string> lines = [];
        foreach (string command in script)
        {
            client.Call(command);
            client.Call("SET end x");
            string line = command + " =>";
            for (Reply told = subscriber.Read(); told.Items[3].Text != "end"; told = subscriber.Read())
            {
                line += " " + told.Items[2].Text.Split(':')[1];
            }
            lines.Add(line);
        }
        return lines;
    }
}
