using System.Globalization;
using System.Text;
using Bixbite.Commands.Hashes;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types.Strings;
using Bixbite.Unit.Engine.Commands;
using Xunit;

namespace Bixbite.Unit.Engine.Requests;

/// <summary>What is found of requests ahead of their turn is what they would have found themselves, and is nobody else's.</summary>
public sealed class PrefetcherTests : IDisposable
{
    /// <summary>With so many keys requests are looked at ahead.</summary>
    private const int KeyCount = 20_000;

    private readonly EngineFixture _engine = new(
        Command.CreateContainer(new CommandAttribute("box") { Arity = -2 }),
        new Command(
            new CommandAttribute("box|open") { Arity = 3, Flags = "readonly", Keys = "ro access; 2" },
            static context => context.Reply.Ok()),
        EngineFixture.Declared(new HSet().Run));

    private readonly Prefetcher _prefetcher;
    private readonly RequestBatch _batch;
    private readonly Database _database;

    public PrefetcherTests()
    {
        _prefetcher = new Prefetcher(_engine.Table);
        _batch = new RequestBatch(_engine.Workspace);
        _database = _engine.Databases[0];
        for (int i = 0; i < KeyCount; i++)
        {
            byte[] key = Encoding.ASCII.GetBytes("key:" + i.ToString(CultureInfo.InvariantCulture));
            KeyRef at = _database.Find(key);
            _database.Put(ref at, key, StringForm.Of(key), Deadline.None);
        }
    }

    public void Dispose()
    {
        _batch.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public void CommandAndKeyAreFoundForEveryRequestOfAGroup()
    {
        Fill("get key:1", "SET key:2 v", "none key:3", "box open key:4", "box shut key:5", "ping", "get");
        _prefetcher.Prefetch(_database, _batch, 0, _batch.Count);
        Expect(0, "get", 1, "key:1");
        Expect(1, "set", 1, "key:2");
        Assert.Null(_prefetcher.Of(_batch, 2).Command);
        Expect(3, "box|open", 2, "key:4");
        Assert.Null(_prefetcher.Of(_batch, 4).Command);
        Expect(5, "ping", 0, "");
        Expect(6, "get", 0, "");
    }

    [Fact]
    public void NothingIsKnownOfOtherRequests()
    {
        Fill("get key:1", "get key:2", "get key:3", "get key:4");
        _prefetcher.Prefetch(_database, _batch, 1, 3);
        Assert.Equal(default, _prefetcher.Of(_batch, 0));
        Expect(1, "get", 1, "key:2");
        Assert.Equal(default, _prefetcher.Of(_batch, 3));
        using var other = new RequestBatch(_engine.Workspace);
        Assert.Equal(default, _prefetcher.Of(other, 1));
        _prefetcher.Prefetch(_database, _batch, 3, 4);
        Assert.Equal(default, _prefetcher.Of(_batch, 1));
        _prefetcher.Prefetch(_database, _batch, 0, 4);
        _prefetcher.Forget();
        Assert.Equal(default, _prefetcher.Of(_batch, 0));
    }

    [Fact]
    public void ManyRequestsForOneLargeCollectionShareItsKey()
    {
        EngineClient client = _engine.Connect();
        for (int i = 0; i < 1000; i++)
        {
            client.Send($"hset large field:{i} value");
        }
        Fill("hset large a 1", "hset large b 2", "hset small c 3", "HSET large d 4", "hset large");
        _prefetcher.Prefetch(_database, _batch, 0, _batch.Count);
        Expect(0, "hset", 1, "large");
        Expect(1, "hset", 1, "large");
        Assert.Equal(default, _prefetcher.Of(_batch, 2));
        Assert.Equal(default, _prefetcher.Of(_batch, 3));
        Assert.Equal(default, _prefetcher.Of(_batch, 4));
    }

    [Fact]
    public void AGroupAnswersAsItsRequestsDoOneByOne()
    {
        string[] lines =
        [
            "get key:1", "set key:1 a", "get key:1", "select 1", "get key:1", "set key:1 b", "get key:1", "select 0", "get key:1", "none",
            "get", "box shut x", "box open key:1", "box open", "multi", "set key:7 c", "get key:7", "exec", "get key:7", "del key:7",
            "get key:7", "rpush list x", "lpop list", "blpop list 0.1",
        ];
        EngineClient together = _engine.Connect();
        string replies = together.SendAll(lines);
        _engine.AdvanceMs(100);
        using var fresh = new PrefetcherTests();
        EngineClient alone = fresh._engine.Connect();
        string expected = string.Join(' ', lines.Select(alone.Send));
        fresh._engine.AdvanceMs(100);
        Assert.Equal(Words(expected), Words(replies));
        Assert.Equal(alone.Received(), together.Received());
    }

    private static string[] Words(string replies) => replies.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private void Fill(params ReadOnlySpan<string> lines)
    {
        foreach (string line in lines)
        {
            _batch.Add(PinnedRequest.Of(line));
        }
    }

    private void Expect(int request, string command, int position, string key)
    {
        Lookup lookup = _prefetcher.Of(_batch, request);
        Assert.Equal(command, lookup.Command?.ToString());
        Assert.Equal(position, lookup.Key.Position);
        Assert.Equal(position == 0 ? 0 : _database.HashOf(Encoding.ASCII.GetBytes(key)), lookup.Key.Hash);
    }
}
