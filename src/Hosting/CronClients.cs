using Bixbite.Engine.Sessions;

namespace Bixbite.Hosting;

/// <summary>Clients that are closed by the server itself: those that are silent, and those that hold too much.</summary>
internal sealed record CronClients(IdleClients Idle, ClientEviction Eviction)
{
    public void Run(long nowMs)
    {
        Idle.Run(nowMs);
        Eviction.Run();
    }
}
