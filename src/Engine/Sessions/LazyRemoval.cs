namespace Bixbite.Engine.Sessions;

/// <summary>Places, in tables that all sessions share, of something that is over: whoever meets them there passes them by.</summary>
public interface IPlaces
{
    /// <summary>Takes a few out of their tables; true where some are left.</summary>
    public bool RemoveSome(int countMax);
}

/// <summary>
/// Takes places out of shared tables in slices between the rounds: a client may have a million watches or subscriptions, and nobody waits
/// for their end. A few are taken out at once, so only totals that INFO shows are ever behind, and only after the end of very many.
/// </summary>
public sealed class LazyRemoval
{
    private const int CountAtOnce = 512;
    private const int SliceCount = 128;

    private readonly Queue<IPlaces> _queue = new();

    public bool IsIdle => _queue.Count == 0;

    public void Add(IPlaces places)
    {
        if (places.RemoveSome(CountAtOnce))
        {
            _queue.Enqueue(places);
        }
    }

    /// <summary>Goes on until nothing is left or <paramref name="isOver"/> says that the slice is used up.</summary>
    public void Run(Func<bool> isOver)
    {
        while (_queue.TryPeek(out IPlaces? places))
        {
            if (!places.RemoveSome(SliceCount))
            {
                _queue.Dequeue();
            }
            if (isOver())
            {
                return;
            }
        }
    }
}
