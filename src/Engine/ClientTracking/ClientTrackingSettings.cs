using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Engine.ClientTracking;

public sealed class ClientTrackingSettings
{
    public readonly LongSetting KeyCountMax;

    public ClientTrackingSettings(Settings settings) =>
        KeyCountMax = settings["Clients"].Add(new LongSetting("tracking-table-max-keys", 1_000_000)
        {
            Description = "How many keys are remembered for client-side caching; 0 is any number.",
        });
}
