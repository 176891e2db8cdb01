using Bixbite.Commands.Info.Sections;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;

namespace Bixbite.Hosting.Modules;

/// <summary>A primary without replicas: the name of its history.</summary>
internal sealed class ReplicationModule : Module
{
    public override void Add(ServerBuilder server)
    {
        server.Add(new ReplicationIdentity());
        ReplicationFacts.AddTo(server);
    }
}
