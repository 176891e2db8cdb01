namespace Bixbite.Platform;

/// <summary>
/// Wakes one thread: cheaper than a monitor, since neither side needs a lock for it. A ring that comes before the wait is not lost.
/// </summary>
public sealed class Doorbell : IDisposable
{
    private readonly int _descriptor;

    public Doorbell()
    {
        _descriptor = Epoll.eventfd(isBlocking: true);
        if (_descriptor < 0)
        {
            throw new IOException("eventfd: " + Errno.Text(-_descriptor));
        }
    }

    /// <summary>Wakes the thread that waits, or lets its next wait end at once. Any thread.</summary>
    public void Ring() => Files.write(_descriptor, [1, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>Waits for a ring; may also return without one.</summary>
    public void Wait()
    {
        Span<byte> count = stackalloc byte[sizeof(ulong)];
        Files.read(_descriptor, count);
    }

    public void Dispose() => Files.close(_descriptor);
}
