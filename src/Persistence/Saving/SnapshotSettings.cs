using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Persistence.Saving;

/// <summary>Snapshots. RdbCompression is also what DUMP payloads go by.</summary>
public sealed class SnapshotSettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public readonly SaveSetting Save;
    public readonly TextSetting DbFileName;
    public readonly BoolSetting RdbCompression;
    public readonly BoolSetting RdbChecksum;
    public readonly BoolSetting SaveIncrementalFsync;
    public readonly BoolSetting StopWritesOnSaveError;
    public readonly IntSetting KeySaveDelayUs;
    public readonly IntSetting KeyLoadDelayUs;
    public readonly BoolSetting DeletesSyncFiles;

    public SnapshotSettings(Settings settings)
    {
        SettingsSection section = settings["Persistence"];
        Save = section.Add(new SaveSetting("save", new SavePoint(3600, 1), new SavePoint(300, 100), new SavePoint(60, 10000))
        {
            Description = "When to save a snapshot: after so many seconds if there were so many changes.",
            Flags = SettingFlags.MultiArgument,
        });
        DbFileName = section.Add(new TextSetting("dbfilename", "dump.rdb")
        {
            Description = "The name of the snapshot.",
            Flags = SettingFlags.Protected,
            Check = TextSetting.FileName("dbfilename", "filename", isEmptyAllowed: true),
        });
        RdbCompression = section.Add(new BoolSetting("rdbcompression", true)
        {
            Description = "Compress longer strings in snapshots and in what DUMP returns.",
        });
        RdbChecksum = section.Add(new BoolSetting("rdbchecksum", true)
        {
            Description = "End snapshots with a checksum, and compare it when they are loaded.", Flags = SettingFlags.Immutable,
        });
        SaveIncrementalFsync = section.Add(new BoolSetting("rdb-save-incremental-fsync", true)
        {
            Description = "Send a growing snapshot to the disk in parts.",
        });
        StopWritesOnSaveError = section.Add(new BoolSetting("stop-writes-on-bgsave-error", true)
        {
            Description = "Refuse writes after a snapshot could not be saved.",
        });
        KeySaveDelayUs = section.Add(Delay("rdb-key-save-delay", "A rest of so many microseconds after each key saved."));
        KeyLoadDelayUs = section.Add(Delay("key-load-delay", "A rest of so many microseconds after each key loaded."));
        DeletesSyncFiles = section.Add(new BoolSetting("rdb-del-sync-files", false)
        {
            Description = "Where nothing is to be on the disk, delete the snapshot that was received from a primary.",
        });
        section.AddAll(
            new WordSetting("sanitize-dump-payload", "no", "no", "yes", "clients")
            {
                Description = "Payloads of RESTORE are always checked thoroughly.", Effect = SettingEffect.NoMeaning,
            });
    }

    /// <summary>While the last snapshot could not be saved, nothing is changed that could be lost.</summary>
    public bool RefusesWritesWithoutSnapshots => StopWritesOnSaveError.Value && Save.Value.Count > 0;

    /// <summary>For tests, which want to see what happens meanwhile.</summary>
    private static IntSetting Delay(string name, string description) =>
        new(name, 0, int.MinValue, int.MaxValue) { Description = description, Flags = SettingFlags.Hidden };
}
