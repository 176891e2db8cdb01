namespace Bixbite.Engine.Lifecycle;

/// <summary>Asks the server to stop. Whoever runs the loops listens.</summary>
public sealed class ShutdownSignal
{
    private int _isRequested;

    public event Action? Requested;

    /// <summary>May be called from any thread, and again.</summary>
    public void Request()
    {
        if (Interlocked.Exchange(ref _isRequested, 1) == 0)
        {
            Requested?.Invoke();
        }
    }
}
