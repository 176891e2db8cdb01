using System.Text;
using Bixbite.Structures.Checks;
using Xunit;

namespace Bixbite.Unit.Structures.Checks;

/// <summary>The slots of keys and patterns, and short tags for slots.</summary>
public sealed class HashSlotTests
{
    [Theory]
    [InlineData("{a}*", "a")]
    [InlineData("x{a}?y", "a")]
    [InlineData("{a}", "a")]
    [InlineData("a", "a")]
    [InlineData("{a", "{a")]
    [InlineData("{}a", "{}a")]
    [InlineData("{a}[bc]", "a")]
    [InlineData("{}{a}*", null)]
    [InlineData("{a*}", null)]
    [InlineData("*{a}", null)]
    [InlineData("?{a}", null)]
    [InlineData("{\\a}x", null)]
    [InlineData("[a]{a}", null)]
    [InlineData("*", null)]
    [InlineData("a*", null)]
    [InlineData("{a*", null)]
    public void A_pattern_has_the_slot_of_all_keys_that_match(string pattern, string? key) => Assert.Equal(
        key is null ? -1 : HashSlot.Of(Encoding.ASCII.GetBytes(key)), HashSlot.OfPattern(Encoding.ASCII.GetBytes(pattern)));

    [Fact]
    public void Each_slot_has_a_tag()
    {
        var tags = new SlotTags();
        byte[] tag = new byte[SlotTags.SizeMax];
        for (int slot = 0; slot < HashSlot.Count; slot++)
        {
            int size = tags.Write(slot, tag);
            Assert.InRange(size, 1, SlotTags.SizeMax);
            Assert.Equal(slot, HashSlot.Of(tag.AsSpan(0, size)));
        }
        Assert.Equal("06S", TagOf(tags, 0));
        Assert.Equal("Qi", TagOf(tags, 1));
        Assert.Equal("5L5", TagOf(tags, 2));
        Assert.Equal("he", TagOf(tags, 16_000));
        Assert.Equal("6ZJ", TagOf(tags, 16_383));
    }

    private static string TagOf(SlotTags tags, int slot)
    {
        byte[] tag = new byte[SlotTags.SizeMax];
        return Encoding.ASCII.GetString(tag, 0, tags.Write(slot, tag));
    }
}
