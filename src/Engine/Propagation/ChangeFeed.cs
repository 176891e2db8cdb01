using Bixbite.Keyspace;

namespace Bixbite.Engine.Propagation;

/// <summary>Who wants to know of every change of every key, in the order in which they happen.</summary>
public interface IChangeSubscriber
{
    /// <summary>Called while the change's command runs. The key's bytes are valid only during the call.</summary>
    public void OnChange(in KeyChange change);

    /// <summary>All keys of a database were removed or exchanged for others at once.</summary>
    public void OnContentReplaced(Database database);

    /// <summary>The running command has changed something of its keys of which nobody is told.</summary>
    public void OnUntoldChange()
    {
    }

    /// <summary>The running command has changed records beside the keys.</summary>
    public void OnRecordsChanged()
    {
    }
}

/// <summary>The one place where changes are told.</summary>
public sealed class ChangeFeed : IKeyChanges
{
    /// <summary>One change in so many is looked at, on average.</summary>
    private const int ChangesPerLook = 256;

    private readonly Random _random = new();
    private IChangeSubscriber[] _subscribers = [];
    private long _untilLook;

    /// <summary>Changes by commands since the start, counted as Redis counts them: for rdb_changes_since_last_save.</summary>
    public long DirtyCount { get; private set; }

    /// <summary>Nobody is told of anything, and nothing is counted: what changes are copies of keys.</summary>
    public bool IsMuted { get; set; }

    /// <summary>
    /// Told of some changes: one in <see cref="ChangesPerLook"/> on average, where a change counts as often as it has elements, so that a
    /// very large one is always told. Null if nobody wants to know.
    /// </summary>
    public IChangeSubscriber? Sampler { get; set; }

    public void Subscribe(IChangeSubscriber subscriber) => _subscribers = [.. _subscribers, subscriber];

    /// <summary>Subscribes ahead of all others: what it sends to a client goes before what they send.</summary>
    public void SubscribeFirst(IChangeSubscriber subscriber) => _subscribers = [subscriber, .. _subscribers];

    public void Unsubscribe(IChangeSubscriber subscriber) => _subscribers = [.. _subscribers.Where(each => each != subscriber)];

    public void Publish(in KeyChange change)
    {
        if (IsMuted)
        {
            return;
        }
        DirtyCount += change.Count;
        if ((_untilLook -= change.Count) < 0)
        {
            _untilLook = _random.Next(2 * ChangesPerLook);
            Sampler?.OnChange(change);
        }
        foreach (IChangeSubscriber subscriber in _subscribers)
        {
            subscriber.OnChange(change);
        }
    }

    /// <summary>Tells that all keys of a database were removed or exchanged for others, after it was done.</summary>
    public void PublishContentReplaced(Database database)
    {
        if (IsMuted)
        {
            return;
        }
        foreach (IChangeSubscriber subscriber in _subscribers)
        {
            subscriber.OnContentReplaced(database);
        }
    }

    /// <summary>Counts changes that are told in another way, as FLUSHALL's, or to nobody.</summary>
    public void CountDirty(long count)
    {
        if (IsMuted)
        {
            return;
        }
        DirtyCount += count;
        foreach (IChangeSubscriber subscriber in _subscribers)
        {
            subscriber.OnUntoldChange();
        }
    }

    /// <summary>Tells that records beside the keys have changed, which counts for one change.</summary>
    public void PublishRecordsChanged()
    {
        if (IsMuted)
        {
            return;
        }
        DirtyCount++;
        foreach (IChangeSubscriber subscriber in _subscribers)
        {
            subscriber.OnRecordsChanged();
        }
    }
}
