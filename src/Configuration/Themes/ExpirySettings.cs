using Bixbite.Configuration.Kinds;

namespace Bixbite.Configuration.Themes;

public sealed class ExpirySettings
{
    public readonly IntSetting ActiveExpireEffort;

    internal ExpirySettings(SettingsSection section) =>
        ActiveExpireEffort = section.Add(new IntSetting("active-expire-effort", 1, 1, 10)
        {
            Description = "Expired keys need no looking for: the index knows where the next ones are.",
            Effect = SettingEffect.NoMeaning,
        });
}
