using Bixbite.Engine.Settings.Kinds;

namespace Bixbite.Engine.Settings.Themes;

/// <summary>Snapshots. RdbCompression works by now since DUMP payloads have the same form.</summary>
public sealed class PersistenceSettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public readonly SaveSetting Save;
    public readonly BoolSetting RdbCompression;

    internal PersistenceSettings(SettingsSection section)
    {
        Save = section.Add(new SaveSetting("save")
        {
            Description = "When to save a snapshot: after so many seconds if there were so many changes.",
            Flags = SettingFlags.MultiArgument,
            Effect = Later,
        });
        RdbCompression = section.Add(new BoolSetting("rdbcompression", true)
        {
            Description = "Compress longer strings in snapshots and in what DUMP returns.",
        });
        section.AddAll(
            new TextSetting("dbfilename", "dump.rdb")
            {
                Description = "The name of the snapshot.",
                Flags = SettingFlags.Protected,
                Effect = Later,
                Check = TextSetting.FileName("dbfilename", "filename", isEmptyAllowed: true),
            },
            new BoolSetting("rdbchecksum", true)
            {
                Description = "End snapshots with a checksum.", Flags = SettingFlags.Immutable, Effect = Later,
            },
            new BoolSetting("rdb-del-sync-files", false) { Description = "Delete snapshots that only served a replica.", Effect = Later },
            new BoolSetting("rdb-save-incremental-fsync", true)
            {
                Description = "Bring a growing snapshot to the disk in parts.", Effect = Later,
            },
            new BoolSetting("stop-writes-on-bgsave-error", true)
            {
                Description = "Refuse writes after a snapshot could not be saved.", Effect = Later,
            },
            new WordSetting("sanitize-dump-payload", "no", "no", "yes", "clients")
            {
                Description = "Payloads of RESTORE are always checked thoroughly.", Effect = SettingEffect.NoMeaning,
            });
    }
}
