using System.Text;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Types.Hashes;

/// <summary>Hashes of every layout against a dictionary, under the same random operations; time goes on and fields expire.</summary>
public sealed class HashValueTests
{
    private const int StepCount = 4_000;
    private const long StartMs = 1_700_000_000_000;

    private readonly Dictionary<string, (string Value, long DeadlineMs)> _model = [];
    private long _nowMs = StartMs;

    [Theory]
    [InlineData(100_000, 100_000, 60, ValueLayout.ListpackWithDeadlines)]
    [InlineData(40, 30, 200, ValueLayout.Root)]
    [InlineData(0, 64, 3_000, ValueLayout.Root)]
    public void Behaves_like_the_model(long entriesMax, long valueSizeMax, int fieldCount, ValueLayout lastLayout)
    {
        Random random = Seed.NewRandom();
        using var owner = new HashOwner(entriesMax, valueSizeMax);
        var relocator = new Relocator(owner.Context, KeyType.Hash, random);
        for (int step = 0; step < StepCount; step++)
        {
            Step(owner, random, fieldCount);
            if (step % 5 == 0)
            {
                relocator.Step(owner.Slot);
            }
            if (step % 200 == 0)
            {
                AssertSame(owner);
            }
        }
        AssertSame(owner);
        Assert.Equal(lastLayout, owner.Slot.Layout);
        owner.AssertNothingLeaks();
    }

    [Fact]
    public void A_copy_is_the_same_and_lives_by_itself()
    {
        Random random = Seed.NewRandom();
        using var owner = new HashOwner(entriesMax: 0);
        for (int step = 0; step < 2_000; step++)
        {
            Step(owner, random, fieldCount: 500);
        }
        long size = HashRoot.SizeOf(owner.Context, owner.Slot.Root);
        Assert.InRange(size, owner.Heap.UsedBytes / 2, owner.Heap.UsedBytes * 2);
        owner.ReplaceByCopy();
        AssertSame(owner);
        for (int step = 0; step < 2_000; step++)
        {
            Step(owner, random, fieldCount: 500);
        }
        AssertSame(owner);
        owner.AssertNothingLeaks();
    }

    [Fact]
    public void Fields_of_a_large_hash_go_in_batches_where_that_is_wanted()
    {
        foreach (long entriesMax in new[] { 0, 1000 })
        {
            using var owner = new HashOwner(entriesMax);
            for (int i = 0; i < 200; i++)
            {
                owner.Value.Set(Encoding.ASCII.GetBytes($"field:{i}"), "value"u8);
                owner.Value.SetDeadline(Encoding.ASCII.GetBytes($"field:{i}"), StartMs + i);
            }
            if (entriesMax == 0)
            {
                Assert.Equal(30, owner.RemoveDue(StartMs + 100, countMax: 30));
                Assert.True(owner.NextDeadlineMs < StartMs + 100);
            }
            Assert.Equal(entriesMax == 0 ? 70 : 100, owner.RemoveDue(StartMs + 100));
            Assert.Equal(StartMs + 100, owner.NextDeadlineMs);
            Assert.Equal(100, owner.Value.Count);
            Assert.Equal(100, owner.RemoveDue(StartMs + 100_000));
            Assert.True(owner.IsEmpty);
            Assert.Equal(FieldDeadlines.None, owner.NextDeadlineMs);
            owner.AssertNothingLeaks();
        }
    }

    [Fact]
    public void Several_fields_to_come_decide_the_layout_at_once()
    {
        using var many = new HashOwner(entriesMax: 3);
        many.Value.Expect(fieldCount: 4, lengthMax: 1, packedSize: 16);
        Assert.Equal(ValueLayout.Root, many.Slot.Layout);
        using var longOne = new HashOwner(valueSizeMax: 3);
        longOne.Value.Expect(fieldCount: 1, lengthMax: 4, packedSize: 9);
        Assert.Equal(ValueLayout.Root, longOne.Slot.Layout);
        using var fitting = new HashOwner(entriesMax: 3, valueSizeMax: 4);
        fitting.Value.Expect(fieldCount: 3, lengthMax: 4, packedSize: 36);
        Assert.Equal(ValueLayout.Listpack, fitting.Slot.Layout);
    }

    [Fact]
    public void Every_field_is_scanned_once_while_others_come_and_go()
    {
        Random random = Seed.NewRandom();
        using var owner = new HashOwner(entriesMax: 0);
        for (int i = 0; i < 1_000; i++)
        {
            owner.Value.Set(Encoding.ASCII.GetBytes($"stays:{i}"), "v"u8);
        }
        var seen = new Collector();
        ulong cursor = 0;
        do
        {
            cursor = owner.Value.Scan(cursor, countHint: 10, ref seen);
            for (int i = 0; i < 20; i++)
            {
                byte[] other = Encoding.ASCII.GetBytes($"goes:{random.Next(500)}");
                if (!owner.Value.Remove(other))
                {
                    owner.Value.Set(other, "v"u8);
                }
            }
        }
        while (cursor != 0);
        Assert.Equal(1_000, seen.Found.Count(pair => pair.Field.StartsWith("stays", StringComparison.Ordinal)));
        Assert.Equal(1_000, seen.Found.Where(pair => pair.Field.StartsWith("stays", StringComparison.Ordinal)).Distinct().Count());
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string NewValue(Random random) => random.Next(8) switch
    {
        0 => random.NextInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
        1 => random.Next(-200, 200).ToString(System.Globalization.CultureInfo.InvariantCulture),
        2 => new string('l', random.Next(250, 260)),
        3 => new string('x', random.Next(1_000)),
        _ => new string((char)random.Next('a', 'z'), random.Next(40)),
    };

    /// <summary>Near and far deadlines: the same tick, another one, later than all ticks.</summary>
    private long NewDeadline(Random random) => _nowMs + random.Next(4) switch
    {
        0 => random.Next(1, 40),
        1 => random.Next(1, 3_000),
        2 => random.NextInt64(1, 10_000_000),
        _ => 10_000_000_000,
    };

    private void Step(HashOwner owner, Random random, int fieldCount)
    {
        int number = random.Next(fieldCount);
        string field = number % 50 == 0 ? new string('f', 60 + (number / 50 % 9)) + number : $"{number}";
        switch (random.Next(12))
        {
            case 0 or 1 or 2 or 3 or 4:
                Set(owner, field, NewValue(random), keepsDeadline: random.Next(2) == 0);
                break;
            case 5:
                Assert.Equal(_model.Remove(field), owner.Value.Remove(Bytes(field)));
                break;
            case 6 or 7 or 8 when _model.ContainsKey(field):
                long deadlineMs = random.Next(5) == 0 ? FieldDeadlines.None : NewDeadline(random);
                owner.Value.SetDeadline(Bytes(field), deadlineMs);
                _model[field] = (_model[field].Value, deadlineMs);
                break;
            case 9:
                PassTime(owner, random);
                break;
            default:
                AssertField(owner, field);
                break;
        }
    }

    private void Set(HashOwner owner, string field, string value, bool keepsDeadline)
    {
        bool isNew = !_model.TryGetValue(field, out (string Value, long DeadlineMs) old);
        Assert.Equal(isNew, owner.Value.Set(Bytes(field), Bytes(value), keepsDeadline));
        _model[field] = (value, isNew || !keepsDeadline ? FieldDeadlines.None : old.DeadlineMs);
    }

    private void PassTime(HashOwner owner, Random random)
    {
        _nowMs += random.Next(5) == 0 ? random.Next(3_000_000) : random.Next(50);
        List<string> due = [.. _model.Where(pair => pair.Value.DeadlineMs < _nowMs).Select(pair => pair.Key)];
        long nextMs = owner.NextDeadlineMs;
        Assert.True(due.Count == 0 || nextMs < _nowMs, "what is due is known to be");
        Assert.Equal(nextMs < _nowMs ? due.Count : 0, owner.RemoveDue(_nowMs));
        Assert.Equal(nextMs < _nowMs ? due.Order() : [], owner.Told.Order());
        due.ForEach(field => _model.Remove(field));
        long modelNextMs = _model.Count == 0 ? FieldDeadlines.None : _model.Values.Min(value => value.DeadlineMs);
        Assert.InRange(owner.NextDeadlineMs, _nowMs, modelNextMs);
    }

    private void AssertField(HashOwner owner, string field)
    {
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        bool exists = _model.TryGetValue(field, out (string Value, long DeadlineMs) expected);
        Assert.Equal(exists, owner.Value.Contains(Bytes(field)));
        Assert.Equal(exists, owner.Value.TryGet(Bytes(field), scratch, out ReadOnlySpan<byte> value));
        Assert.Equal(exists, owner.Value.TryGetDeadline(Bytes(field), out long deadlineMs));
        if (exists)
        {
            Assert.Equal(expected.Value, Encoding.Latin1.GetString(value));
            Assert.Equal(expected.DeadlineMs, deadlineMs);
        }
    }

    private void AssertSame(HashOwner owner)
    {
        Assert.Equal(_model.Count, owner.Value.Count);
        Assert.Equal(_model.Count == 0, owner.IsEmpty);
        var all = new Collector();
        owner.Value.Visit(ref all);
        Assert.Equal(
            _model.Select(pair => (pair.Key, pair.Value.Value, pair.Value.DeadlineMs)).Order(),
            all.Found.Select(found => (found.Field, found.Value, found.DeadlineMs)).Order());
        if (owner.Slot.Layout == ValueLayout.Root)
        {
            HashRoot.IndexOf(owner.Context, owner.Slot.Root).Verify();
        }
        else if (owner.Slot.Layout == ValueLayout.ListpackWithDeadlines)
        {
            Assert.Equal(all.Found.Select(found => found.DeadlineMs).Order(), all.Found.Select(found => found.DeadlineMs));
        }
    }
}
