using Bixbite.Configuration.Kinds;

namespace Bixbite.Configuration.Reserved;

internal static class AccessSettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public static void AddTo(SettingsSection section) => section.AddAll(
        new WordSetting("enable-module-command", "no", "no", "yes", "local")
        {
            Description = "Who may use MODULE.",
            Flags = SettingFlags.Immutable,
            Effect = Later,
        });
}
