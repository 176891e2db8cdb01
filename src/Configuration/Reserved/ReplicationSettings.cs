using Bixbite.Configuration.Kinds;

namespace Bixbite.Configuration.Reserved;

internal static class ReplicationSettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public static void AddTo(SettingsSection section)
    {
        AddPrimary(section);
    }

    private static void AddPrimary(SettingsSection section) => section.AddAll(
        new BoolSetting("dual-channel-replication-enabled", false)
        {
            Description = "Send snapshot and stream to replicas on two connections.", Effect = Later,
        },
        new WordSetting("propagation-error-behavior", "ignore", "ignore", "panic", "panic-on-replicas")
        {
            Description = "What to do about an error in the stream from the primary.", Effect = Later,
        });
}
