using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Engine.PubSub;

public sealed class KeyspaceEventSettings
{
    public readonly EventClassesSetting Classes;

    public KeyspaceEventSettings(Settings settings) =>
        Classes = settings["Observability"].Add(new EventClassesSetting("notify-keyspace-events")
        {
            Description = "Which events of keys are published to channels.",
        });
}
