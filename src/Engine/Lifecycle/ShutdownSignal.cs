namespace Bixbite.Engine.Lifecycle;

/// <summary>Asks the server to stop. Whoever runs the loops listens.</summary>
public sealed class ShutdownSignal
{
    private int _isRequested;

    public event Action? Requested;

    /// <summary>The exit code of the process: 0 where it was asked to end, 1 where it cannot go on.</summary>
    public int ExitCode { get; private set; }

    /// <summary>The server is to stop. Any thread.</summary>
    public bool IsRequested => Volatile.Read(ref _isRequested) != 0;

    /// <summary>As <see cref="Request"/>, for a server that cannot go on.</summary>
    public void Fail()
    {
        ExitCode = 1;
        Request();
    }

    /// <summary>May be called from any thread, and again.</summary>
    public void Request()
    {
        if (Interlocked.Exchange(ref _isRequested, 1) == 0)
        {
            Requested?.Invoke();
        }
    }
}
