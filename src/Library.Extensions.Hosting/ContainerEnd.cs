namespace Bixbite;

/// <summary>
/// Knows that a container is being disposed. It is made when the servers have started, and a container disposes first what it made last:
/// so it is told before they end.
/// </summary>
internal sealed class ContainerEnd : IDisposable
{
    private volatile bool _hasCome;

    public bool HasCome => _hasCome;

    public void Dispose() => _hasCome = true;
}
