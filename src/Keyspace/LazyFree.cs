namespace Bixbite.Keyspace;

/// <summary>
/// The queue of values that were flushed, removed or overwritten and still have to be freed, in slices between the commands.
/// </summary>
public sealed class LazyFree
{
    private const int SliceCount = 256;

    private readonly Queue<IDetached> _queue = new();

    /// <summary>Objects waiting to be freed.</summary>
    public long PendingCount
    {
        get
        {
            long pending = 0;
            foreach (IDetached content in _queue)
            {
                pending += content.Pending;
            }
            return pending;
        }
    }

    /// <summary>Objects freed this way since the last CONFIG RESETSTAT.</summary>
    public long FreedCount { get; private set; }

    public bool IsIdle => _queue.Count == 0;

    public void ResetStatistics() => FreedCount = 0;

    internal void Add(IDetached content) => _queue.Enqueue(content);

    /// <summary>Frees until the queue is empty or <paramref name="isOver"/> says that the slice is used up.</summary>
    public void Run(Func<bool> isOver)
    {
        while (_queue.TryPeek(out IDetached? content))
        {
            long before = content.Pending;
            bool isLeft = content.FreeSome(SliceCount);
            FreedCount += before - content.Pending;
            if (!isLeft)
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
