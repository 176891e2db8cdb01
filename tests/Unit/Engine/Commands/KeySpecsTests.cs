using Bixbite.Engine.Commands;
using Xunit;

namespace Bixbite.Unit.Engine.Commands;

public sealed class KeySpecsTests
{
    [Theory]
    [InlineData("ro access; 1", "get a", "1")]
    [InlineData("ro access; 1..-1", "mget a b c", "1 2 3")]
    [InlineData("rw access delete; 1..-2", "blpop a b 0", "1 2")]
    [InlineData("ro access; 1..2", "lcs a b LEN", "1 2")]
    [InlineData("ow update; 1..-1 step 2", "mset a 1 b 2", "1 3")]
    [InlineData("ow update; 2 | ro access; 3..-1", "bitop and d a b", "2 3 4")]
    [InlineData("ro access; numkeys 2", "eval x 2 a b c", "3 4")]
    [InlineData("ow update; numkeys 1 step 2", "msetex 2 a 1 b 2 EX 5", "2 4")]
    [InlineData("ro access; 1 | ow update; after STORE from 2", "sort a limit 0 1 store d", "1 6")]
    [InlineData("ro access; 1 | ow update; after STORE from 2", "sort a", "1")]
    [InlineData("ro access; after STREAMS from 1 to -1 limit 2", "xread count 5 streams a b 0 0", "4 5")]
    [InlineData("rw access; after KEYS from -2 to -1", "migrate h p x 0 5 keys a b", "7 8")]
    [InlineData("rw access; after KEYS from -2 to -1", "migrate h p x 0 5 copy keys a", "8")]
    [InlineData("not_key; 1..-1", "spublish a b", "")]
    [InlineData("ro access; 1 | ro access; unknown outside | ow update; unknown after STORE", "sort a store b store c", "1 5")]
    [InlineData("ro access; 1 | ro access; unknown outside | ow update; unknown after STORE", "sort a by b", "1")]
    public void FindsTheKeysOfARequest(string specs, string request, string positions) =>
        Assert.Equal(positions, string.Join(" ", Find(specs, request, out _).Select(key => key.Index)));

    [Theory]
    [InlineData("ro access; unknown", "sort a")]
    [InlineData("ro access; numkeys 1", "zunion 0 a")]
    [InlineData("ro access; numkeys 1", "zunion -1 a")]
    [InlineData("ro access; numkeys 1", "zunion 9999999999 a")]
    [InlineData("ro access; numkeys 1", "zunion x a")]
    [InlineData("ow update; 1 | ro access; numkeys 2", "zunionstore d 2 a")]
    [InlineData("rw access incomplete; 1", "sort a")]
    public void TellsThatArgumentsDoNotFit(string specs, string request)
    {
        Assert.Empty(Find(specs, request, out bool isFound));
        Assert.False(isFound);
    }

    [Theory]
    [InlineData("", 0, 0, 0, false)]
    [InlineData("ro access; 1..-1 step 2", 1, -1, 2, false)]
    [InlineData("ro; 1 | ro; 2", 1, 2, 1, false)]
    [InlineData("ow update; 2 | ro access; 3..-1", 2, -1, 1, false)]
    [InlineData("ow update; 1 | ro access; numkeys 2", 1, 1, 1, true)]
    [InlineData("ro access; numkeys 2", 0, 0, 0, true)]
    [InlineData("ro access; after STREAMS from 1 to -1 limit 2", 0, 0, 0, true)]
    [InlineData("rw incomplete; 1", 1, 1, 1, true)]
    public void SumsUpForOldClients(string text, int first, int last, int step, bool isMovable)
    {
        var specs = new KeySpecs(KeySpecParser.Parse(text, out _)!, null);
        Assert.Equal((first, last, step, isMovable), (specs.First, specs.Last, specs.Step, specs.IsMovable));
    }

    [Fact]
    public void AsksTheCommandWhereFlagsVary()
    {
        var specs = new KeySpecs(
            KeySpecParser.Parse("rw access variable_flags; 1", out _)!,
            request => request.Length > 2 ? KeySpecFlags.Overwrite : KeySpecFlags.ReadOnly);
        var found = new List<KeyPosition>();
        Assert.True(specs.Find(PinnedRequest.Of("x a b"), found));
        Assert.Equal([new KeyPosition(1, KeySpecFlags.Overwrite)], found);
    }

    [Theory]
    [InlineData("ro access 1")]
    [InlineData("ro bogus; 1")]
    [InlineData("ro; 0")]
    [InlineData("ro; 3..2")]
    [InlineData("ro; 1 step 0")]
    [InlineData("ro; 1 more")]
    [InlineData("ro; numkeys")]
    [InlineData("ro; after STORE")]
    [InlineData("ro; after STORE from 0")]
    [InlineData("ro; 1 |")]
    public void RefusesBadSpecs(string text)
    {
        Assert.Null(KeySpecParser.Parse(text, out string error));
        Assert.NotEmpty(error);
    }

    private static List<KeyPosition> Find(string specs, string request, out bool isFound)
    {
        var found = new List<KeyPosition> { default };
        isFound = new KeySpecs(KeySpecParser.Parse(specs, out _)!, null).Find(PinnedRequest.Of(request), found);
        return found;
    }
}
