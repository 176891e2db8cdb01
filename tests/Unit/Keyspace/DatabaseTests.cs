using System.Text;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Strings;
using Xunit;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Keyspace;

/// <summary>A database against a naive model: a dictionary of values and deadlines under the same random operations.</summary>
public sealed class DatabaseTests : IDisposable
{
    private const int KeyCount = 300;
    private const int StepCount = 20_000;

    private readonly Heap _heap = new();
    private readonly CommandTime _time = new();
    private readonly Databases _databases;
    private readonly Dictionary<string, (byte[] Value, long Deadline)> _model = [];

    public DatabaseTests() => _databases = new Databases(2, new ValueContext(_heap, seed: 42), new AccessClock(_time), new LazyFree());

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void BehavesLikeTheModel()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        Database database = _databases[0];
        for (int step = 0; step < StepCount; step++)
        {
            Step(database, random);
        }
        AssertSame(database);

        _databases.Flush(database, lazily: false);
        Assert.Equal(0, database.Count);
        Assert.Equal(0, database.VolatileCount);
    }

    [Fact]
    public void SwapExchangesContents()
    {
        KeyRef at = _databases[0].Find("key"u8);
        _databases[0].Put(ref at, "key"u8, StringForm.Of("value"u8), Deadline.None);
        _databases.Swap(0, 1);
        Assert.False(_databases[0].Find("key"u8).Exists);
        Assert.True(_databases[1].Find("key"u8).Exists);
    }

    [Fact]
    public void CountersGrowBeyondTheirField()
    {
        Database database = _databases[0];
        KeyRef at = database.Find("counter"u8);
        database.Put(ref at, "counter"u8, StringForm.OfInteger(1), 12345);
        foreach (long value in new[] { int.MaxValue, int.MaxValue + 1L, long.MaxValue, 7, long.MinValue })
        {
            database.SetInteger(ref at, value);
            Assert.Equal(value, database.Find("counter"u8).Record.Integer);
            Assert.Equal(12345, database.Find("counter"u8).Record.DeadlineMs);
        }
    }

    private void Step(Database database, Random random)
    {
        string name = "key:" + random.Next(KeyCount);
        byte[] key = Encoding.ASCII.GetBytes(name);
        KeyRef at = database.Find(key);
        Assert.Equal(_model.ContainsKey(name), at.Exists);
        switch (random.Next(8))
        {
            case 0 or 1:
                byte[] value = Value(random);
                long deadline = random.Next(3) switch { 0 => Deadline.None, 1 => Deadline.Keep, _ => random.Next(1, int.MaxValue) };
                long kept = deadline != Deadline.Keep ? deadline : _model.TryGetValue(name, out var old) ? old.Deadline : Deadline.None;
                database.Put(ref at, key, StringForm.Of(value), deadline);
                _model[name] = (value, kept);
                break;
            case 2 when at.Exists:
                database.Remove(ref at);
                _model.Remove(name);
                break;
            case 3 when at.Exists:
                long next = random.Next(2) == 0 ? Deadline.None : random.Next(1, int.MaxValue);
                database.SetDeadline(ref at, next);
                _model[name] = (_model[name].Value, next);
                break;
            case 4 when at.Exists:
                Grow(database, random, name, key, ref at);
                break;
            case 5 when at.Exists:
                Rename(database, random, name, ref at);
                break;
            case 6 when at.Exists:
                AssertValue(at.Record, name);
                break;
        }
    }

    private void Grow(Database database, Random random, string name, byte[] key, ref KeyRef at)
    {
        int length = random.Next(random.Next(3) == 0 ? 6000 : 100);
        Span<byte> bytes = database.EditText(ref at, key, length);
        byte[] expected = _model[name].Value;
        Array.Resize(ref expected, Math.Max(length, expected.Length));
        Assert.Equal(expected, bytes.ToArray());
        _model[name] = (expected, _model[name].Deadline);
    }

    private void Rename(Database database, Random random, string name, ref KeyRef at)
    {
        string target = "key:" + random.Next(KeyCount);
        byte[] targetKey = Encoding.ASCII.GetBytes(target);
        KeyRef to = database.Find(targetKey);
        if (to.Exists)
        {
            return;
        }
        database.MoveTo(ref at, database, ref to, targetKey);
        _model[target] = _model[name];
        _model.Remove(name);
    }

    private void AssertSame(Database database)
    {
        Assert.Equal(_model.Count, database.Count);
        Assert.Equal(_model.Values.Count(v => v.Deadline != Deadline.None), database.VolatileCount);
        var seen = new HashSet<string>();
        ulong cursor = 0;
        do
        {
            var found = new List<Record>();
            cursor = database.Scan(cursor, 10, found);
            foreach (Record record in found)
            {
                string name = Encoding.ASCII.GetString(record.Key);
                Assert.True(seen.Add(name), $"{name} was returned twice");
                AssertValue(record, name);
            }
        }
        while (cursor != 0);
        Assert.Equal(_model.Count, seen.Count);
    }

    private void AssertValue(Record record, string name)
    {
        (byte[] value, long deadline) = _model[name];
        Assert.Equal(value, record.Text(new byte[Integers.SizeMax]).ToArray());
        Assert.Equal(deadline, record.DeadlineMs);
    }

    private static byte[] Value(Random random)
    {
        if (random.Next(3) == 0)
        {
            return Encoding.ASCII.GetBytes(random.NextInt64().ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        byte[] value = new byte[random.Next(random.Next(4) == 0 ? 5000 : 60)];
        random.NextBytes(value);
        return value;
    }
}
