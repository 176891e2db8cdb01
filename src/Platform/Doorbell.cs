using Microsoft.Win32.SafeHandles;

namespace Bixbite.Platform;

/// <summary>
/// Wakes one thread: cheaper than a monitor, since neither side needs a lock for it. A ring that comes before the wait is not lost; one
/// that comes after the end rings for nobody.
/// </summary>
public sealed class Doorbell : IDisposable
{
    private readonly int _descriptor;
    private readonly SafeFileHandle _handle;

    public Doorbell()
    {
        _descriptor = Epoll.eventfd(isBlocking: true);
        if (_descriptor < 0)
        {
            throw new IOException("eventfd: " + Errno.Text(-_descriptor));
        }
        _handle = new SafeFileHandle(_descriptor, ownsHandle: true);
    }

    /// <summary>Wakes the thread that waits, or lets its next wait end at once. Any thread.</summary>
    public void Ring()
    {
        bool isHeld = false;
        try
        {
            _handle.DangerousAddRef(ref isHeld);
            Files.write(_descriptor, [1, 0, 0, 0, 0, 0, 0, 0]);
        }
        catch (ObjectDisposedException)
        {
            // Who waited is gone, and this thread could not know.
        }
        finally
        {
            if (isHeld)
            {
                _handle.DangerousRelease();
            }
        }
    }

    /// <summary>Waits for a ring; may also return without one.</summary>
    public void Wait()
    {
        Span<byte> count = stackalloc byte[sizeof(ulong)];
        Files.read(_descriptor, count);
    }

    /// <summary>Waits for a ring, but no longer than so many milliseconds; may also return without one.</summary>
    public void Wait(int timeoutMs)
    {
        if (Files.poll(_descriptor, Files.POLLIN, timeoutMs) > 0)
        {
            Wait();
        }
    }

    public void Dispose() => _handle.Dispose();
}
