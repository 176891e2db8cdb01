using Bixbite.Wire.Harness;

namespace Bixbite.Wire.SortedSets;

/// <summary>The events that the commands publish, in their order, beside Redis.</summary>
public sealed class EventTests
{
    private const string Script =
        """
        ZADD z 1 a 2 b 3 c
        ZADD z 1 a
        ZADD z XX 1 missing
        ZADD z CH 5 a
        ZADD z INCR 1 a
        ZADD z INCR 0 a
        ZINCRBY z 1 a
        ZREM z missing
        ZREM z a
        ZREM z b c
        ZADD z 1 a 2 b 3 c 4 d 5 e
        ZREMRANGEBYSCORE z 9 10
        ZREMRANGEBYSCORE z 1 1
        ZREMRANGEBYRANK z 0 0
        ZREMRANGEBYLEX z [c [c
        ZREMRANGEBYRANK z 0 -1
        ZADD z 1 a 2 b 3 c 4 d 5 e
        ZPOPMIN z
        ZPOPMAX z 2
        ZPOPMIN z 0
        ZMPOP 1 z MIN
        BZPOPMAX z 0
        ZADD z 1 a 2 b 3 c
        ZADD y 1 a
        ZUNIONSTORE d 2 z y
        ZINTERSTORE d 2 z y
        ZDIFFSTORE d 2 z y
        ZDIFFSTORE d 2 z z
        ZDIFFSTORE d 2 z z
        ZRANGESTORE d z 0 1
        ZRANGESTORE d z 5 6
        ZRANGESTORE d nokey 0 1
        SET string x
        ZUNIONSTORE string 1 z
        BZMPOP 0 1 z MAX COUNT 10
        """;

    [Fact]
    public void Same_events()
    {
        string[] options = ["--notify-keyspace-events", "KEA"];
        using RedisPeer redis = RedisPeer.Start(options);
        using TestServer server = TestServer.Start(options);
        using RespConnection left = redis.Connect();
        using RespConnection right = server.Connect();
        Assert.Equal(Events(redis.Connect(), left), Events(server.Connect(), right));
    }

    private static List<string> Events(RespConnection subscriber, RespConnection client)
    {
        using (subscriber)
        {
            var events = new List<string>();
            subscriber.Call("PSUBSCRIBE __keyevent*");
            foreach (string line in Script.Split('\n'))
            {
                client.Call(line.Trim());
                client.Call("PUBLISH __keyevent:end x");
                for (Reply message = subscriber.Read(); message.Items[2].Text != "__keyevent:end"; message = subscriber.Read())
                {
                    events.Add($"{line.Trim()} -> {message.Items[2].Text} {message.Items[3].Text}");
                }
            }
            return events;
        }
    }
}
