using System.Text;
using Bixbite.Engine.ClientTracking;
using Bixbite.Structures.Hashing;
using Xunit;

namespace Bixbite.Unit.Engine.ClientTracking;

public sealed class TrackedKeysTests : IDisposable
{
    private const ulong Seed = 7;

    private readonly TrackedKeys _keys = new(Seed);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void AnEmptyTableTakesNoMemory()
    {
        Assert.Equal(0, _keys.Count);
        Assert.Equal(0, _keys.MemoryBytes);
        Assert.False(_keys.Find("a"u8).IsFound);
        _keys.Add("a"u8, 1);
        Assert.NotEqual(0, _keys.MemoryBytes);
        _keys.Clear();
        Assert.Equal(0, _keys.MemoryBytes);
        Assert.Equal(0, _keys.ItemCount);
        Assert.False(_keys.Find("a"u8).IsFound);
    }

    /// <summary>Keys of any length, few and many clients with small and large ids, against a dictionary of sets.</summary>
    [Fact]
    public void RandomOperationsAgreeWithAModel()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var model = new Dictionary<string, HashSet<long>>();
        for (int i = 0; i < 60_000; i++)
        {
            string key = Key(random);
            if (random.Next(8) > 0)
            {
                long client = random.NextInt64(1, 1L << random.Next(2, 45));
                _keys.Add(Encoding.Latin1.GetBytes(key), client);
                if (!model.TryGetValue(key, out HashSet<long>? clients))
                {
                    model.Add(key, clients = []);
                }
                clients.Add(client);
            }
            else
            {
                IndexPosition at = _keys.Find(Encoding.Latin1.GetBytes(key));
                Assert.Equal(model.Remove(key), at.IsFound);
                if (at.IsFound)
                {
                    _keys.Remove(at);
                }
            }
            if (i % 20_000 == 0)
            {
                _keys.Clear();
                model.Clear();
            }
            Assert.Equal(model.Count, _keys.Count);
        }
        Assert.Equal(model.Values.Sum(clients => (long)clients.Count), _keys.ItemCount);
        foreach ((string key, HashSet<long> clients) in model)
        {
            AssertClients(key, clients);
        }
        AssertSample(model, random);
    }

    [Fact]
    public void AKeyThatEverybodyReadsKeepsItsClientsInOrder()
    {
        for (int i = 5000; i > 0; i--)
        {
            _keys.Add("hot"u8, i);
            _keys.Add("hot"u8, i);
        }
        Assert.Equal(5000, _keys.ItemCount);
        AssertClients("hot", [.. Enumerable.Range(1, 5000).Select(id => (long)id)]);
        _keys.Remove(_keys.Find("hot"u8));
        Assert.Equal(0, _keys.ItemCount);
        Assert.Equal(0, _keys.Count);
    }

    private static string Key(Random random) => random.Next(40) switch
    {
        0 => new string('k', random.Next(300)),
        < 20 => "hot:" + random.Next(20),
        _ => "key:" + random.Next(5000),
    };

    private void AssertClients(string key, HashSet<long> expected)
    {
        IndexPosition at = _keys.Find(Encoding.Latin1.GetBytes(key));
        Assert.True(at.IsFound, key);
        TrackedKey entry = _keys.At(at);
        Assert.Equal(key, Encoding.Latin1.GetString(entry.Key));
        var actual = new HashSet<long>();
        foreach (long id in entry.Clients)
        {
            Assert.True(actual.Add(id), "twice");
        }
        Assert.Equal(expected.Order(), actual.Order());
        Assert.Equal(expected.Count, entry.Clients.Count);
    }

    private void AssertSample(Dictionary<string, HashSet<long>> model, Random random)
    {
        if (model.Count > 0)
        {
            string sample = Encoding.Latin1.GetString(_keys.At(_keys.Sample(random)).Key);
            Assert.Contains(sample, model.Keys);
        }
    }
}
