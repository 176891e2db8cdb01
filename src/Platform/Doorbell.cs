using Microsoft.Win32.SafeHandles;

namespace Bixbite.Platform;

/// <summary>
/// Wakes one thread. A ring that comes before the wait is not lost; one that comes after the end rings for nobody. On Linux an event
/// counter, which neither side needs a lock for; elsewhere, and where no descriptor is left, a monitor.
/// </summary>
public sealed class Doorbell : IDisposable
{
    private readonly object _gate = new();
    private readonly int _descriptor = -1;
    private readonly SafeFileHandle? _handle;
    private bool _isRung;

    public Doorbell()
        : this(Portability.IsOn)
    {
    }

    /// <param name="isPortable">Takes the monitor, on Linux too.</param>
    public Doorbell(bool isPortable)
    {
        int descriptor = isPortable ? -1 : Epoll.eventfd(isBlocking: true);
        if (descriptor >= 0)
        {
            _descriptor = descriptor;
            _handle = new SafeFileHandle(descriptor, ownsHandle: true);
        }
    }

    /// <summary>Wakes the thread that waits, or lets its next wait end at once. Any thread.</summary>
    public void Ring()
    {
        if (_handle is not null)
        {
            RingCounter(_handle);
            return;
        }
        lock (_gate)
        {
            _isRung = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for a ring; may also return without one.</summary>
    public void Wait() => Wait(Timeout.Infinite);

    /// <summary>Waits for a ring, but no longer than so many milliseconds; may also return without one.</summary>
    public void Wait(int timeoutMs)
    {
        if (_handle is not null)
        {
            WaitForCounter(timeoutMs);
            return;
        }
        lock (_gate)
        {
            if (!_isRung && timeoutMs != 0)
            {
                Monitor.Wait(_gate, timeoutMs);
            }
            _isRung = false;
        }
    }

    public void Dispose() => _handle?.Dispose();

    private void RingCounter(SafeFileHandle handle)
    {
        bool isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
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
                handle.DangerousRelease();
            }
        }
    }

    private void WaitForCounter(int timeoutMs)
    {
        if (timeoutMs < 0 || Files.poll(_descriptor, Files.POLLIN, timeoutMs) > 0)
        {
            Span<byte> count = stackalloc byte[sizeof(ulong)];
            Files.read(_descriptor, count);
        }
    }
}
