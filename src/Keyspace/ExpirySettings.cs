using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Keyspace;

/// <summary>Active expiry needs no setting; Redis' one is known.</summary>
public sealed class ExpirySettings
{
    public readonly IntSetting ActiveExpireEffort;

    public ExpirySettings(Settings settings) =>
        ActiveExpireEffort = settings["Expiry"].Add(new IntSetting("active-expire-effort", 1, 1, 10)
        {
            Description = "Expired keys need no looking for: the index knows where the next ones are.",
            Effect = SettingEffect.NoMeaning,
        });
}
