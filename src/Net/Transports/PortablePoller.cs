using Bixbite.Platform;

namespace Bixbite.Net.Transports;

/// <summary>Sleeps in a bell. It watches nobody: what happens at a socket is posted to the loop, which rings.</summary>
internal sealed class PortablePoller : Poller
{
    private readonly Doorbell _bell = new(isPortable: true);

    internal override int Wait(int timeoutMs)
    {
        _bell.Wait(timeoutMs);
        return 0;
    }

    internal override void Ring() => _bell.Ring();

    public override void Dispose() => _bell.Dispose();
}
