namespace Bixbite.Lua.Values;

/// <summary>Tables against a dictionary.</summary>
public sealed class LuaTableTests
{
    private readonly LuaMemory _memory = new(() => 0);

    [Fact]
    public void RandomOperations_AreThoseOfADictionary()
    {
        Random random = RandomSeed.Next();
        for (int round = 0; round < 200; round++)
        {
            LuaTable table = _memory.NewTable(random.Next(5), random.Next(5));
            Dictionary<LuaValue, LuaValue> model = [];
            int range = 1 << random.Next(1, 9);
            for (int step = 0; step < 400; step++)
            {
                LuaValue key = NextKey(random, range);
                LuaValue value = random.Next(3) == 0 ? LuaValue.Nil : step;
                table[key] = value;
                model[key] = value;
                Assert.Equal(model.GetValueOrDefault(key, LuaValue.Nil), table[key]);
            }
            AssertSame(model, table);
        }
    }

    [Fact]
    public void Next_AllowsRemovalOnTheWay()
    {
        Random random = RandomSeed.Next();
        LuaTable table = _memory.NewTable();
        for (int i = 0; i < 1000; i++)
        {
            table[NextKey(random, 500)] = i;
        }
        HashSet<LuaValue> seen = [];
        LuaValue key = LuaValue.Nil;
        while (table.Next(ref key, out _))
        {
            Assert.True(seen.Add(key));
            table[key] = LuaValue.Nil;
        }
        Assert.False(table.Next(ref key, out _));
        Assert.Equal(0, table.Length);
    }

    [Fact]
    public void Next_RefusesAKeyThatIsNotThere()
    {
        LuaTable table = _memory.NewTable();
        table[1] = 1;
        LuaValue key = 7;
        Assert.Equal("invalid key to 'next'", Assert.Throws<LuaException>(() => table.Next(ref key, out _)).Value.ToString());
    }

    [Fact]
    public void Length_IsABorder()
    {
        Random random = RandomSeed.Next();
        for (int round = 0; round < 500; round++)
        {
            LuaTable table = _memory.NewTable(random.Next(20), random.Next(4));
            for (int i = 0; i < 60; i++)
            {
                table[random.Next(1, 40)] = random.Next(4) == 0 ? LuaValue.Nil : i;
                int length = table.Length;
                Assert.True(length == 0 || !table.Get(length).IsNil);
                Assert.True(table.Get(length + 1).IsNil);
            }
        }
    }

    [Fact]
    public void Length_EndsThoughPowersOfTwoMislead()
    {
        LuaTable table = _memory.NewTable();
        for (long i = 1; i <= int.MaxValue; i *= 2)
        {
            table[(double)i] = 1;
        }
        table[int.MaxValue] = 1;
        Assert.False(table.Get(table.Length).IsNil);
        Assert.True(table.Get(table.Length + 1).IsNil);
    }

    [Fact]
    public void KeysThatNothingIsStoredUnder_AreRefused()
    {
        LuaTable table = _memory.NewTable();
        Assert.Equal("table index is nil", Assert.Throws<LuaException>(() => table[LuaValue.Nil] = 1).Value.ToString());
        Assert.Equal("table index is NaN", Assert.Throws<LuaException>(() => table[double.NaN] = 1).Value.ToString());
        Assert.True(table[double.NaN].IsNil);
        Assert.True(table[LuaValue.Nil].IsNil);
    }

    [Fact]
    public void MinusZero_IsZero()
    {
        LuaTable table = _memory.NewTable();
        table[-0.0] = 1;
        Assert.Equal(1, table[0].Number);
        Assert.Equal(1, table.Get(0).Number);
    }

    [Fact]
    public void Growth_IsCountedToTheByte()
    {
        long before = _memory.Used;
        LuaTable table = _memory.NewTable();
        for (int i = 1; i <= 10_000; i++)
        {
            table[i] = i;
            table[i + 0.5] = i;
        }
        Assert.Equal(table.Bytes, _memory.Used - before);
    }

    [Fact]
    public void CollidingKeys_CountAsWork()
    {
        const int Count = 500;
        _memory.Fuel = 0;
        LuaTable table = _memory.NewTable();
        for (int i = 0; i < Count; i++)
        {
            table.Set(Colliding(i), i);
        }
        Assert.InRange(_memory.Fuel, -Count * (long)Count, -Count * (long)Count / 4);
        Assert.Equal(7, table.Get(Colliding(7)).Number);
    }

    /// <summary>The hash of a long string skips bytes; these strings differ in those only.</summary>
    private static LuaString Colliding(int number)
    {
        byte[] bytes = new byte[256];
        for (int bit = 0; bit < 16; bit++)
        {
            bytes[bit * 9] = (byte)(number >> bit & 1);
        }
        return new LuaString(bytes);
    }

    private static LuaValue NextKey(Random random, int range) => random.Next(6) switch
    {
        0 or 1 or 2 => random.Next(range),
        3 => random.Next(range) + 0.25,
        4 => LuaString.Of($"key{random.Next(range)}"),
        _ => random.Next(2) == 0,
    };

    private static void AssertSame(Dictionary<LuaValue, LuaValue> model, LuaTable table)
    {
        Dictionary<LuaValue, LuaValue> read = [];
        LuaValue key = LuaValue.Nil;
        while (table.Next(ref key, out LuaValue value))
        {
            read.Add(key, value);
        }
        Assert.Equal(model.Where(pair => !pair.Value.IsNil).ToHashSet(), read.ToHashSet());
        Assert.All(model, pair => Assert.Equal(pair.Value, table[pair.Key]));
    }
}
