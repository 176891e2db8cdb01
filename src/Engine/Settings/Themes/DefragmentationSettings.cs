using Bixbite.Engine.Settings.Kinds;

namespace Bixbite.Engine.Settings.Themes;

internal static class DefragmentationSettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public static void AddTo(SettingsSection section) => section.AddAll(
        new BoolSetting("activedefrag", false)
        {
            Description = "Move values out of sparse pages while the server runs.", Effect = SettingEffect.SwitchArrivesLater,
        },
        new BytesSetting("active-defrag-ignore-bytes", 100 << 20, 1)
        {
            Description = "How much waste is not worth the effort.", Effect = Later,
        },
        new IntSetting("active-defrag-threshold-lower", 10, 0, 1000)
        {
            Description = "At how many percent of waste to begin.", Effect = Later,
        },
        new IntSetting("active-defrag-threshold-upper", 100, 0, 1000)
        {
            Description = "At how many percent of waste to do the utmost.", Effect = Later,
        },
        new IntSetting("active-defrag-cycle-min", 1, 1, 99) { Description = "Percent of CPU time to begin with.", Effect = Later },
        new IntSetting("active-defrag-cycle-max", 25, 1, 99) { Description = "Percent of CPU time at the utmost.", Effect = Later },
        new LongSetting("active-defrag-max-scan-fields", 1000, 1)
        {
            Description = "From how many elements on a value is moved in parts.", Effect = Later,
        });
}
