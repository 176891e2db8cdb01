using System.Text;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Transactions;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Unit.Keyspace;
using Xunit;

namespace Bixbite.Unit.Engine.Sessions;

/// <summary>What ended is over at once for everybody, though its places in the tables go in slices.</summary>
public sealed class LazyRemovalTests : IDisposable
{
    private const int ManyCount = 5_000;

    private readonly Heap _heap = new();
    private readonly KeyspaceFixture _keyspace = new();
    private readonly LazyRemoval _removal = new();
    private readonly Session _leaving;
    private readonly Session _staying;

    public LazyRemovalTests()
    {
        _leaving = new Session(1, new CollectingLink(), _keyspace.Databases[0], nowMs: 0);
        _staying = new Session(2, new CollectingLink(), _keyspace.Databases[0], nowMs: 0);
    }

    public void Dispose()
    {
        _keyspace.Dispose();
        _heap.Dispose();
    }

    [Theory]
    [InlineData(ChannelKind.Channel)]
    [InlineData(ChannelKind.Pattern)]
    [InlineData(ChannelKind.Shard)]
    public void NobodyIsCountedOrServedByEndedSubscriptions(ChannelKind kind)
    {
        var pubSub = new PubSubBroker(_heap, _removal, new SessionParts());
        var changed = new List<Session>();
        pubSub.KindChanged += changed.Add;
        long held = _leaving.StateBytes;
        for (int i = 0; i < ManyCount; i++)
        {
            pubSub.Subscribe(_leaving, kind, Name(i));
        }
        pubSub.Subscribe(_staying, kind, Name(0));
        Assert.Equal(1, pubSub.CountOf(kind, Name(ManyCount - 1)));
        pubSub.Forget(_leaving);
        Assert.False(_removal.IsIdle);
        AssertOnlyOneIsLeft(pubSub, kind);
        Assert.Equal(held, _leaving.StateBytes);
        Assert.False(_leaving.IsSubscriber);
        Assert.Equal([_leaving, _staying, _leaving], changed);

        pubSub.Subscribe(_leaving, kind, Name(ManyCount - 1));
        Assert.Equal(1, pubSub.CountOf(kind, Name(ManyCount - 1)));
        RunToTheEnd();
        Assert.Equal(1, pubSub.CountOf(kind, Name(ManyCount - 1)));
        Assert.Equal(2, pubSub.CountOf(kind));
        Assert.Equal([Name(ManyCount - 1)], pubSub.UnsubscribeAll(_leaving, kind));
        AssertOnlyOneIsLeft(pubSub, kind);
        Assert.Equal(held, _leaving.StateBytes);
    }

    [Fact]
    public void EndedWatchesBreakNothing()
    {
        var watches = new WatchedKeys(_keyspace.Keys, _removal, new SessionParts());
        long held = _leaving.StateBytes;
        for (int i = 0; i < ManyCount; i++)
        {
            watches.Watch(_leaving, Name(i));
        }
        watches.Watch(_staying, Name(0));
        watches.Unwatch(_leaving);
        Assert.False(_removal.IsIdle);
        Assert.Equal(held, _leaving.StateBytes);
        Assert.Equal(0, watches.CountOf(_leaving));
        Assert.Equal(1, watches.SessionCount);

        watches.Watch(_leaving, Name(1));
        Change(watches, Name(0));
        Assert.True(watches.IsBroken(_staying));
        Assert.False(watches.IsBroken(_leaving));
        RunToTheEnd();
        Assert.Equal(2, watches.KeyCount);
        Change(watches, Name(1));
        Assert.True(watches.IsBroken(_leaving));
        watches.Unwatch(_leaving);
        watches.Unwatch(_staying);
        Assert.True(_removal.IsIdle);
        Assert.Equal(0, watches.KeyCount);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void AnEmptiedDatabaseBreaksTheWatchesOfKeysThatWereThere(bool existed, bool isBroken)
    {
        var watches = new WatchedKeys(_keyspace.Keys, _removal, new SessionParts());
        if (existed)
        {
            _keyspace.Put("name 3", "value");
        }
        for (int i = 0; i < 5; i++)
        {
            watches.Watch(_leaving, Name(i));
        }
        _keyspace.Databases.Flush(_keyspace.Databases[0], lazily: false);
        watches.OnContentReplaced(_keyspace.Databases[0]);
        Assert.Equal(isBroken, watches.IsBroken(_leaving));
    }

    /// <summary>A key expires only if it had a deadline when the watch began, or is changed before.</summary>
    [Fact]
    public void OnlyKeysWithADeadlineAreLookedAtForTheirTime()
    {
        var watches = new WatchedKeys(_keyspace.Keys, _removal, new SessionParts());
        _keyspace.Put("name 1", "value");
        _keyspace.Put("name 2", "value", deadlineMs: 1_700_000_001_000);
        watches.Watch(_staying, Name(0));
        watches.Watch(_staying, Name(1));
        for (int i = 0; i < 3; i++)
        {
            watches.Watch(_leaving, Name(i));
        }
        Assert.False(watches.IsBroken(_leaving));
        _keyspace.SetTime(1_700_000_001_001);
        Assert.True(watches.IsBroken(_leaving));
        Assert.False(watches.IsBroken(_staying));
    }

    private static byte[] Name(int number) => Encoding.ASCII.GetBytes($"name {number}");

    private void Change(WatchedKeys watches, byte[] key) =>
        watches.OnChange(new KeyChange(_keyspace.Databases[0], key, KeyEventClass.String, "set"u8, count: 1));

    private void AssertOnlyOneIsLeft(PubSubBroker pubSub, ChannelKind kind)
    {
        Assert.Equal(1, pubSub.SubscriberCount);
        Assert.Equal(1, pubSub.CountOf(kind));
        Assert.Equal(1, pubSub.CountOf(kind, Name(0)));
        Assert.Equal(0, pubSub.CountOf(kind, Name(ManyCount - 1)));
        Assert.Equal(["name 0"], pubSub.NamesOf(kind).Select(Encoding.ASCII.GetString));
        if (kind == ChannelKind.Channel)
        {
            Assert.Equal(0, pubSub.Publish(Name(ManyCount - 1), "message"u8));
            Assert.Equal(1, pubSub.Publish(Name(0), "message"u8));
        }
    }

    private void RunToTheEnd()
    {
        int sliceCount = 0;
        for (; !_removal.IsIdle; sliceCount++)
        {
            _removal.Run(static () => true);
        }
        Assert.InRange(sliceCount, 2, ManyCount);
    }
}
