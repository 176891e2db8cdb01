using Bixbite.Crash.Disk;
using Bixbite.Unit.Structures;

namespace Bixbite.Crash.Points;

/// <summary>A machine that stops at any moment of the append-only file's life loses nothing that was acknowledged.</summary>
public sealed class AofTests
{
    private static readonly string[] s_always = ["--appendonly", "yes", "--appendfsync", "always"];
    private static readonly string[] s_everySecond = ["--appendonly", "yes", "--appendfsync", "everysec"];

    private static readonly string[] s_fill =
    [
        "MSET a 1 b 2 c 3", "RPUSH list 1 2 3", "HSET hash f v g w", "SADD set x y z", "ZADD zset 1 a 2 b", "SET gone x PXAT 4000000000000",
    ];

    private static readonly string[] s_more =
        ["INCR a", "MULTI; APPEND b xyz; LPOP list; HDEL hash f; EXEC", "SETRANGE big 9000 end", "INCRBYFLOAT c 0.5", "DEL zset"];

    private readonly ITestOutputHelper _output;

    public AofTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void TheFirstStart() => Check(new Story(Promise.Acknowledged, s_always, s_fill));

    [Fact]
    public void ASecondStart() => Check(new Story(Promise.Acknowledged, s_always, s_more) { Before = s_fill });

    [Fact]
    public void EverySecondKeepsABeginning() => Check(new Story(Promise.Beginning, s_everySecond, s_more) { Before = s_fill });

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public void Rewrites(string hasPreamble) => Check(
        new Story(
            Promise.Acknowledged,
            [.. s_always, "--aof-use-rdb-preamble", hasPreamble],
            ["BGREWRITEAOF", .. s_more, Story.Rest, "SET a 5", "BGREWRITEAOF", Story.Rest, "SET a 6"])
        {
            Before = s_fill,
        });

    [Fact]
    public void RewritesWithoutSyncingEachWrite() => Check(
        new Story(Promise.Beginning, s_everySecond, ["BGREWRITEAOF", .. s_more, Story.Rest, "SET a 6"]) { Before = s_fill });

    [Fact]
    public void SwitchingOn() => Check(
        new Story(
            Promise.Saved,
            ["--appendfsync", "always"],
            ["SAVE", "CONFIG SET appendonly yes", .. s_more])
        {
            Before = [.. s_fill, "SAVE"],
        });

    [Fact]
    public void SwitchingOffAndOn() => Check(
        new Story(
            Promise.Acknowledged,
            s_always,
            ["SET a 5", "CONFIG SET appendonly no", "CONFIG SET appendonly yes", .. s_more])
        {
            Before = s_fill,
        });

    [Fact]
    public void TheRepairOfATornTail() => Check(new Story(Promise.Acknowledged, s_always, "SET a 5", "SET a 6")
    {
        Before = s_fill,
        Damage = disk => CutTail(disk, 7),
        DamagedCount = 1,
    });

    [Fact]
    public void ADiskThatLiesIsNoticed()
    {
        Story story = new(Promise.Acknowledged, s_always, s_fill) { IsDiskHonest = false };
        Assert.ThrowsAny<Exception>(() => CrashPoints.Check(story, new Random(1)));
    }

    private static void CutTail(SimulatedDisk disk, int size)
    {
        string name = disk.List("appendonlydir").Last(name => name.EndsWith(".incr.aof", StringComparison.Ordinal));
        disk.Put($"appendonlydir/{name}", disk.Content($"appendonlydir/{name}")![..^size]);
    }

    private void Check(Story story) => _output.WriteLine($"{CrashPoints.Check(story, Seed.NewRandom())} moments");
}
