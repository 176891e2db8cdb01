using Bixbite.Wire.Harness;

namespace Bixbite.Wire.SortedSets;

/// <summary>Taking elements off either end, and waiting for them.</summary>
public sealed class PopTests
{
    [Theory]
    [InlineData("128")]
    [InlineData("0")]
    public void Same_replies(string entriesMax)
    {
        using Compare compare = new("--zset-max-listpack-entries", entriesMax);
        compare.Run(
            """
            ZADD z 1 a 2 b 3 c 4 d 5 e 6 f 7 g 8 h 9 i 10 j 11 12
            SET s text
            ZPOPMIN z
            ZPOPMAX z
            ZPOPMIN z 2
            ZPOPMAX z 1
            ZPOPMIN z 0
            ZPOPMIN z -1
            ZPOPMIN z x
            ZPOPMIN z 1 1
            ZPOPMIN nokey
            ZPOPMIN nokey 2
            ZPOPMIN s
            ZPOPMIN s 0
            ZPOPMAX s -1
            ZMPOP 1 z MIN
            ZMPOP 2 nokey z MAX COUNT 2
            ZMPOP 1 nokey MIN
            ZMPOP 2 nokey s MIN
            ZMPOP 1 s MIN
            ZMPOP 0 z MIN
            ZMPOP -1 z MIN
            ZMPOP x z MIN
            ZMPOP 2 z MIN
            ZMPOP 5 z MIN
            ZMPOP 1 z
            ZMPOP 1 z MIN COUNT
            ZMPOP 1 z MIN COUNT 0
            ZMPOP 1 z MIN COUNT x
            ZMPOP 1 z MIN COUNT 1 COUNT 1
            ZMPOP 1 z MIDDLE
            ZMPOP 1 z MIN NOPE
            BZPOPMIN z 0
            BZPOPMAX nokey z 0
            BZPOPMIN s 0
            BZPOPMIN nokey s z 0
            BZPOPMIN z x
            BZPOPMIN z -1
            BZPOPMIN nokey 0.01
            ZADD z 1 a 2 b 3 c
            BZMPOP 0 1 z MIN
            BZMPOP 0 2 nokey z MAX COUNT 10
            EXISTS z
            BZMPOP 0.01 1 nokey MIN
            BZMPOP -1 1 nokey MIN
            BZMPOP x 1 nokey MIN
            BZMPOP 0 0 nokey MIN
            BZMPOP 0 1 nokey
            BZMPOP 0 1 nokey MIN COUNT 0
            BZMPOP 0 1 s MIN
            ZPOPMIN
            BZPOPMIN z
            ZMPOP 1
            BZMPOP 0 1
            """.Split('\n'));
    }

    [Fact]
    public void Who_waits_gets_what_comes()
    {
        using TestServer server = TestServer.Start();
        using RespConnection feeder = server.Connect();
        using RespConnection first = server.Connect();
        using RespConnection second = server.Connect();
        using RespConnection several = server.Connect();
        first.Send("BZPOPMIN z 0");
        feeder.AwaitBlocked(1);
        second.Send("BZPOPMAX other z 0");
        feeder.AwaitBlocked(2);
        several.Send("BZMPOP 0 2 other third MAX COUNT 2");
        feeder.AwaitBlocked(3);

        feeder.Call("SET z text");
        Assert.True(first.IsSilent(50));
        feeder.Call("DEL z");
        Assert.Equal(":3", feeder.Call("ZADD z 1 a 2 b 3 c").ToString());
        Assert.Equal("*[\"z\", \"a\", \"1\"]", first.Read().ToString());
        Assert.Equal("*[\"z\", \"c\", \"3\"]", second.Read().ToString());
        Assert.True(several.IsSilent(50));
        feeder.Call("ZUNIONSTORE third 1 z");
        Assert.Equal("*[\"third\", *[*[\"b\", \"2\"]]]", several.Read().ToString());
        Assert.Equal(":0", feeder.Call("EXISTS third").ToString());
    }
}
