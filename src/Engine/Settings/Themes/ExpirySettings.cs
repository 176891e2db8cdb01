using Bixbite.Engine.Settings.Kinds;

namespace Bixbite.Engine.Settings.Themes;

public sealed class ExpirySettings
{
    public readonly IntSetting ActiveExpireEffort;

    internal ExpirySettings(SettingsSection section) =>
        ActiveExpireEffort = section.Add(new IntSetting("active-expire-effort", 1, 1, 10)
        {
            Description = "How much time looking for expired keys may take, from little (1) to much (10).",
        });
}
