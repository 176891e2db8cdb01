using Bixbite.Configuration.Kinds;

namespace Bixbite.Configuration.Reserved;

internal static class AccessSettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public static void AddTo(SettingsSection section) => section.AddAll(
        new TextSetting("aclfile", "")
        {
            Description = "The file of users and their rights.",
            Flags = SettingFlags.Immutable,
            Effect = SettingEffect.SwitchArrivesLater,
        },
        new WordSetting("acl-pubsub-default", "resetchannels", "allchannels", "resetchannels")
        {
            Description = "Which channels a new user may use.", Effect = Later,
        },
        new LongSetting("acllog-max-len", 128) { Description = "How many refusals are kept.", Effect = Later },
        new WordSetting("enable-module-command", "no", "no", "yes", "local")
        {
            Description = "Who may use MODULE.",
            Flags = SettingFlags.Immutable,
            Effect = Later,
        });
}
