using Bixbite.Unit.Structures;

namespace Bixbite.Crash.Points;

/// <summary>A machine that stops at any moment of a save leaves the old content or the new one.</summary>
public sealed class SavingTests
{
    private static readonly string[] s_fill =
    [
        "MSET a 1 b 2 c 3", "RPUSH list 1 2 3", "HSET hash f v g w", "SADD set x y z", "ZADD zset 1 a 2 b", "SET gone x PXAT 4000000000000",
    ];

    private readonly ITestOutputHelper _output;

    public SavingTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void TheFirstSave() => Check(new Story(Promise.Saved, [], [.. s_fill, "SAVE", "SET a 2"]));

    [Fact]
    public void ASaveOverAnother() => Check(new Story(Promise.Saved, [], "DEL list", "SAVE", "SET big " + new string('x', 20_000), "SAVE")
    {
        Before = [.. s_fill, "SAVE"],
    });

    [Fact]
    public void ABackgroundSaveOverAnother() => Check(
        new Story(Promise.Saved, [], "DEL list", "BGSAVE", Story.Rest, "SET big " + new string('x', 20_000), "BGSAVE", Story.Rest)
        {
            Before = [.. s_fill, "SAVE"],
        });

    /// <summary>Writes go on while it is saved; what counts is the content when the save began.</summary>
    [Fact]
    public void ABackgroundSaveWhileClientsWrite() => Check(
        new Story(
            Promise.Saved, ["--rdbcompression", "no"],
            "SET key:2 new", "BGSAVE", "SET key:1 new", "DEL key:7 key:8", "RPUSH list 4", "SET key:2999 new", Story.Rest,
            "SET key:5 new", "SAVE")
        {
            Before = [.. s_fill, "DEBUG POPULATE 3000 key 100", "SAVE"],
        });

    [Fact]
    public void ADiskThatLiesIsNoticed()
    {
        Story story = new(Promise.Saved, [], [.. s_fill, "SAVE", "SET a 2"]) { IsDiskHonest = false };
        Assert.ThrowsAny<Exception>(() => CrashPoints.Check(story, new Random(1)));
    }

    private void Check(Story story) => _output.WriteLine($"{CrashPoints.Check(story, Seed.NewRandom())} moments");
}
