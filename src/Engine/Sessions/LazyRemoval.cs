namespace Bixbite.Engine.Sessions;

/// <summary>Places, in tables that all sessions share, of something that is over: whoever meets them there passes them by.</summary>
public interface IPlaces
{
    /// <summary>Takes one out of its table; false where none is left.</summary>
    public bool RemoveOne();
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
        if (RemoveSome(places, CountAtOnce))
        {
            _queue.Enqueue(places);
        }
    }

    /// <summary>Goes on until nothing is left or <paramref name="isOver"/> says that the slice is used up.</summary>
    public void Run(Func<bool> isOver)
    {
        while (_queue.TryPeek(out IPlaces? places))
        {
            if (!RemoveSome(places, SliceCount))
            {
                _queue.Dequeue();
            }
            if (isOver())
            {
                return;
            }
        }
    }

    /// <summary>True where some may be left.</summary>
    private static bool RemoveSome(IPlaces places, int countMax)
    {
        while (countMax > 0 && places.RemoveOne())
        {
            countMax--;
        }
        return countMax == 0;
    }
}
