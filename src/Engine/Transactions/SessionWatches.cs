using Bixbite.Engine.Blocking;
using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Transactions;

/// <summary>The watches of one session, from its first one until all end together. Changed by <see cref="WatchedKeys"/> alone.</summary>
internal sealed class SessionWatches(Session session, KeyTable<List<KeyWatch>> table) : IPlaces
{
    private readonly List<KeyWatch> _watches = [];
    private long _heldBytes;

    public Session Session { get; } = session;

    /// <summary>The watches have ended, though the table may have them still.</summary>
    public bool IsOver { get; private set; }

    public List<KeyWatch> All => _watches;

    public void Add(KeyWatch watch)
    {
        _watches.Add(watch);
        Session.WatchCount = _watches.Count;
        _heldBytes += watch.SizeBytes;
        Session.Hold(watch.SizeBytes);
    }

    public void End()
    {
        IsOver = true;
        Session.WatchCount = 0;
        Session.Hold(-_heldBytes);
    }

    public bool RemoveSome(int countMax)
    {
        int left = Math.Max(_watches.Count - countMax, 0);
        for (int i = _watches.Count - 1; i >= left; i--)
        {
            KeyWatch watch = _watches[i];
            if (table.TryGet(watch.Database.Number, watch.Key, out List<KeyWatch>? watchers)
                && watchers.Remove(watch) && watchers.Count == 0)
            {
                table.Remove(watch.Database.Number, watch.Key);
            }
        }
        _watches.RemoveRange(left, _watches.Count - left);
        return left > 0;
    }
}
