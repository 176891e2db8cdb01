using Bixbite.Types;
using Xunit;

namespace Bixbite.Unit.Types.Hashes;

/// <summary>The bytes of packed hashes, as Redis has them in its files.</summary>
public sealed class PackedHashTests
{
    private static ReadOnlySpan<byte> Pairs =>
    [
        23, 0, 0, 0, 6, 0,
        0x81, (byte)'a', 2, 0x01, 1,
        0x81, (byte)'b', 2, 0x81, (byte)'x', 2,
        0x81, (byte)'c', 2, 0x03, 1,
        0xFF,
    ];

    private static ReadOnlySpan<byte> Triples =>
    [
        31, 0, 0, 0, 9, 0,
        0x81, (byte)'c', 2, 0x03, 1, 0xC3, 0xE8, 2,
        0x81, (byte)'a', 2, 0x01, 1, 0xC7, 0xD0, 2,
        0x81, (byte)'b', 2, 0x81, (byte)'x', 2, 0x00, 1,
        0xFF,
    ];

    [Fact]
    public void Fields_and_values_alternate()
    {
        using HashOwner owner = NewHash();
        Assert.Equal(ValueLayout.Listpack, owner.Slot.Layout);
        Assert.Equal(Pairs, owner.Packed);
    }

    [Fact]
    public void Deadlines_follow_the_values_and_the_soonest_comes_first()
    {
        using HashOwner owner = NewHash();
        owner.Value.SetDeadline("a"u8, 2_000);
        owner.Value.SetDeadline("c"u8, 1_000);
        Assert.Equal(ValueLayout.ListpackWithDeadlines, owner.Slot.Layout);
        Assert.Equal(1_000, owner.NextDeadlineMs);
        Assert.Equal(Triples, owner.Packed);
        Assert.Equal(["c", "a", "b"], Order(owner));

        owner.Value.SetDeadline("b"u8, 1_000);
        Assert.Equal(["c", "b", "a"], Order(owner));
        owner.Value.SetDeadline("c"u8, 3_000);
        Assert.Equal(["b", "a", "c"], Order(owner));
        owner.Value.Set("b"u8, "y"u8);
        owner.Value.Set("d"u8, "z"u8);
        Assert.Equal(["a", "c", "b", "d"], Order(owner));
        owner.Value.Set("a"u8, "longer"u8, keepsDeadline: true);
        Assert.Equal(["a", "c", "b", "d"], Order(owner));
        Assert.Equal(2_000, owner.NextDeadlineMs);
    }

    [Fact]
    public void A_field_longer_than_the_stack_moves_too()
    {
        using var owner = new HashOwner(valueSizeMax: 10_000);
        owner.Value.Set("long"u8, new byte[5_000]);
        owner.Value.Set("b"u8, "1"u8);
        owner.Value.SetDeadline("b"u8, 1_000);
        owner.Value.SetDeadline("long"u8, 2_000);
        Assert.Equal(["b", "long"], Order(owner));
        owner.Value.SetDeadline("long"u8, 500);
        Assert.Equal(["long", "b"], Order(owner));
    }

    private static HashOwner NewHash()
    {
        var owner = new HashOwner();
        owner.Value.Set("a"u8, "1"u8);
        owner.Value.Set("b"u8, "x"u8);
        owner.Value.Set("c"u8, "3"u8);
        return owner;
    }

    private static string[] Order(HashOwner owner)
    {
        var all = new Collector();
        owner.Value.Visit(ref all);
        return [.. all.Found.Select(found => found.Field)];
    }
}
