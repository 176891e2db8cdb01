using System.Diagnostics.CodeAnalysis;
using Bixbite.Engine.Sessions;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.PubSub;

/// <summary>
/// Who has subscribed to each name of one kind. Subscriptions that have ended together are taken out in slices where they are many;
/// until then nobody is counted or served by them.
/// </summary>
internal sealed class SubscriberTable(LazyRemoval removal)
{
    private readonly Dictionary<byte[], HashSet<SubscribedNames>> _subscribers = new(BytesComparer.Instance);

    /// <summary>Sets of names that have ended and are here still.</summary>
    private int _overCount;

    /// <summary>Different names.</summary>
    public int Count => _overCount == 0 ? _subscribers.Count : _subscribers.Values.Count(HasSubscriber);

    /// <summary>All names.</summary>
    public IEnumerable<byte[]> Names =>
        _overCount == 0 ? _subscribers.Keys : _subscribers.Where(entry => HasSubscriber(entry.Value)).Select(entry => entry.Key);

    /// <summary>All names with those who have subscribed to them, and some who have ended it.</summary>
    public Dictionary<byte[], HashSet<SubscribedNames>> All => _subscribers;

    /// <summary>How many have subscribed to the name.</summary>
    public int CountOf(ReadOnlySpan<byte> name)
    {
        if (!TryFind(name, out HashSet<SubscribedNames>? subscribers))
        {
            return 0;
        }
        return _overCount == 0 ? subscribers.Count : subscribers.Count(static names => !names.IsOver);
    }

    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out HashSet<SubscribedNames>? subscribers) =>
        _subscribers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out subscribers);

    /// <summary>Adds a name; false where it is there already.</summary>
    public bool Add(SubscribedNames own, ReadOnlySpan<byte> name)
    {
        if (own.Names.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(name))
        {
            return false;
        }
        byte[] key = name.ToArray();
        own.Names.Add(key);
        own.HoldName(key);
        if (!_subscribers.TryGetValue(key, out HashSet<SubscribedNames>? subscribers))
        {
            _subscribers.Add(key, subscribers = []);
        }
        return subscribers.Add(own);
    }

    /// <summary>Takes a name out; false where it is not there.</summary>
    public bool Remove(SubscribedNames own, ReadOnlySpan<byte> name)
    {
        if (!own.Names.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name))
        {
            return false;
        }
        own.LetGo(name);
        RemovePlace(own, name);
        return true;
    }

    /// <summary>Ends the subscriptions to all these names.</summary>
    public void RemoveAll(SubscribedNames own)
    {
        own.End();
        _overCount++;
        removal.Add(new Ending(this, own));
    }

    private void RemovePlace(SubscribedNames own, ReadOnlySpan<byte> name)
    {
        if (TryFind(name, out HashSet<SubscribedNames>? subscribers) && subscribers.Remove(own) && subscribers.Count == 0)
        {
            _subscribers.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name);
        }
    }

    private static bool HasSubscriber(HashSet<SubscribedNames> subscribers) => subscribers.Any(static names => !names.IsOver);

    private sealed class Ending(SubscriberTable table, SubscribedNames own) : IPlaces
    {
        private HashSet<byte[]>.Enumerator _next = own.Names.GetEnumerator();

        public bool RemoveOne()
        {
            if (!_next.MoveNext())
            {
                table._overCount--;
                return false;
            }
            table.RemovePlace(own, _next.Current);
            return true;
        }
    }
}
