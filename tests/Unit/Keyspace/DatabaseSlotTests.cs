using System.Text;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Structures.Checks;
using Bixbite.Types;
using Bixbite.Types.Strings;
using Xunit;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Keyspace;

/// <summary>The keys of slots, in the databases of a node of a cluster.</summary>
public sealed class DatabaseSlotTests : IDisposable
{
    private readonly Heap _heap = new();
    private readonly Databases _databases;

    public DatabaseSlotTests() => _databases = new Databases(
        3, new ValueContext(_heap, seed: 42), new AccessClock(new CommandTime()), new LazyFree(), hasSlots: true);

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void CountsAndKeysOfSlotsAreThoseOfAModel()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        HashSet<string>[] models = [[], [], []];
        for (int step = 0; step < 6_000; step++)
        {
            int number = random.Next(2);
            Step(_databases[number], models[number], $"{{{random.Next(30)}}}{random.Next(20)}", random);
            if (step % 1_500 == 1_499)
            {
                AssertSame(models);
                _databases.Swap(0, 1);
                (models[0], models[1]) = (models[1], models[0]);
            }
            if (step == 4_000)
            {
                _databases.Flush(_databases[1], lazily: true);
                models[1].Clear();
            }
        }
        AssertSame(models);
    }

    [Fact]
    public void WhatIsBuiltAsideTakesItsCountsAlong()
    {
        Databases aside = _databases.MakeAside();
        Put(aside[0], "{a}1");
        Put(aside[2], "{a}2");
        Put(_databases[0], "{b}1");
        _databases.Adopt(aside);
        Assert.Equal(1, _databases[0].CountInSlot(HashSlot.Of("a"u8)));
        Assert.Equal(0, _databases[0].CountInSlot(HashSlot.Of("b"u8)));
        Assert.Equal(1, _databases[2].CountInSlot(HashSlot.Of("a"u8)));
    }

    [Fact]
    public void WithoutAClusterNothingIsCounted()
    {
        using var heap = new Heap();
        var databases = new Databases(1, new ValueContext(heap, seed: 42), new AccessClock(new CommandTime()), new LazyFree());
        Put(databases[0], "{a}1");
        Assert.False(databases.HasSlots);
        Assert.Equal(0, databases[0].CountInSlot(HashSlot.Of("a"u8)));
    }

    private static void Step(Database database, HashSet<string> model, string name, Random random)
    {
        byte[] key = Encoding.ASCII.GetBytes(name);
        KeyRef at = database.Find(key);
        Assert.Equal(model.Contains(name), at.Exists);
        if (random.Next(2) == 0)
        {
            Put(database, name);
            model.Add(name);
        }
        else if (at.Exists)
        {
            database.Remove(ref at);
            model.Remove(name);
        }
    }

    private static void Put(Database database, string name)
    {
        byte[] key = Encoding.ASCII.GetBytes(name);
        KeyRef at = database.Find(key);
        database.Put(ref at, key, StringForm.Of("value"u8), Deadline.None);
    }

    private void AssertSame(HashSet<string>[] models)
    {
        for (int number = 0; number < models.Length; number++)
        {
            ILookup<int, string> slots = models[number].ToLookup(name => HashSlot.Of(Encoding.ASCII.GetBytes(name)));
            for (int slot = 0; slot < HashSlot.Count; slot++)
            {
                int count = _databases[number].CountInSlot(slot);
                Assert.Equal(slots[slot].Count(), count);
                if (count > 0)
                {
                    Assert.Equal(slots[slot].ToHashSet(), KeysOf(_databases[number], slot));
                }
            }
        }
    }

    private static HashSet<string> KeysOf(Database database, int slot)
    {
        HashSet<string> keys = [];
        List<Record> found = [];
        ulong cursor = 0;
        do
        {
            found.Clear();
            cursor = database.ScanSlot(slot, cursor, 3, found);
            foreach (Record record in found)
            {
                Assert.True(keys.Add(Encoding.ASCII.GetString(record.Key)));
            }
        }
        while (cursor != 0);
        return keys;
    }
}
