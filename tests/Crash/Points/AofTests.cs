using Bixbite.Crash.Disk;
using Bixbite.Unit.Structures;

namespace Bixbite.Crash.Points;

/// <summary>A machine that stops at any moment of the append-only file's life loses nothing that was acknowledged.</summary>
public sealed class AofTests
{
    private static readonly string[] Always = ["--appendonly", "yes", "--appendfsync", "always"];
    private static readonly string[] EverySecond = ["--appendonly", "yes", "--appendfsync", "everysec"];

    private static readonly string[] Fill =
    [
        "MSET a 1 b 2 c 3", "RPUSH list 1 2 3", "HSET hash f v g w", "SADD set x y z", "ZADD zset 1 a 2 b", "SET gone x PXAT 4000000000000",
    ];

    private static readonly string[] More =
        ["INCR a", "MULTI; APPEND b xyz; LPOP list; HDEL hash f; EXEC", "SETRANGE big 9000 end", "INCRBYFLOAT c 0.5", "DEL zset"];

    private readonly ITestOutputHelper output;

    public AofTests(ITestOutputHelper output)
    {
        this.output = output;
    }

    [Fact]
    public void TheFirstStart() => Check(new Story(Promise.Acknowledged, Always, Fill));

    [Fact]
    public void ASecondStart() => Check(new Story(Promise.Acknowledged, Always, More) { Before = Fill });

    [Fact]
    public void EverySecondKeepsABeginning() => Check(new Story(Promise.Beginning, EverySecond, More) { Before = Fill });

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public void Rewrites(string hasPreamble) => Check(
        new Story(
            Promise.Acknowledged,
            [.. Always, "--aof-use-rdb-preamble", hasPreamble],
            ["BGREWRITEAOF", .. More, Story.Rest, "SET a 5", "BGREWRITEAOF", Story.Rest, "SET a 6"])
        {
            Before = Fill,
        });

    [Fact]
    public void RewritesWithoutSyncingEachWrite() => Check(
        new Story(Promise.Beginning, EverySecond, ["BGREWRITEAOF", .. More, Story.Rest, "SET a 6"]) { Before = Fill });

    [Fact]
    public void SwitchingOn() => Check(
        new Story(
            Promise.Saved,
            ["--appendfsync", "always"],
            ["SAVE", "CONFIG SET appendonly yes", .. More])
        {
            Before = [.. Fill, "SAVE"],
        });

    [Fact]
    public void SwitchingOffAndOn() => Check(
        new Story(
            Promise.Acknowledged,
            Always,
            ["SET a 5", "CONFIG SET appendonly no", "CONFIG SET appendonly yes", .. More])
        {
            Before = Fill,
        });

    [Fact]
    public void TheRepairOfATornTail() => Check(new Story(Promise.Acknowledged, Always, "SET a 5", "SET a 6")
    {
        Before = Fill,
        Damage = disk => CutTail(disk, 7),
        DamagedCount = 1,
    });

    [Fact]
    public void ADiskThatLiesIsNoticed()
    {
        Story story = new(Promise.Acknowledged, Always, Fill) { IsDiskHonest = false };
        Assert.ThrowsAny<Exception>(() => CrashPoints.Check(story, new Random(1)));
    }

    private static void CutTail(SimulatedDisk disk, int size)
    {
        string name = disk.List("appendonlydir").Last(name => name.EndsWith(".incr.aof", StringComparison.Ordinal));
        disk.Put($"appendonlydir/{name}", disk.Content($"appendonlydir/{name}")![..^size]);
    }

    private void Check(Story story) => output.WriteLine($"{CrashPoints.Check(story, Seed.NewRandom())} moments");
}
