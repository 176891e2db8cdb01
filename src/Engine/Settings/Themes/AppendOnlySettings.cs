using Bixbite.Engine.Settings.Kinds;

namespace Bixbite.Engine.Settings.Themes;

/// <summary>The log of writes.</summary>
public sealed class AppendOnlySettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public readonly BoolSetting IsOn;
    public readonly TextSetting FileName;
    public readonly TextSetting FolderName;
    public readonly BoolSetting LoadsTruncated;
    public readonly BytesSetting CorruptTailSizeMax;

    internal AppendOnlySettings(SettingsSection section)
    {
        IsOn = section.Add(new BoolSetting("appendonly", false)
        {
            Description = "Log every write so that it survives the process.",
            Flags = SettingFlags.DenyLoading,
            Effect = SettingEffect.SwitchArrivesLater,
        });
        FileName = section.Add(new TextSetting("appendfilename", "appendonly.aof")
        {
            Description = "What the names of the log's files begin with.",
            Flags = SettingFlags.Immutable,
            Check = TextSetting.FileName("appendfilename", "filename", isEmptyAllowed: false),
        });
        FolderName = section.Add(new TextSetting("appenddirname", "appendonlydir")
        {
            Description = "The directory of the log's files.",
            Flags = SettingFlags.Immutable,
            Check = TextSetting.FileName("appenddirname", "dirname", isEmptyAllowed: false),
        });
        LoadsTruncated = section.Add(new BoolSetting("aof-load-truncated", true)
        {
            Description = "Start although the end of the log is missing.",
        });
        CorruptTailSizeMax = section.Add(new BytesSetting("aof-load-corrupt-tail-max-size", 0)
        {
            Description = "Start although so many bytes at the end of the log are damaged: they are cut off and kept.",
        });
        section.AddAll(
            new WordSetting("appendfsync", "everysec", "everysec", "always", "no")
            {
                Description = "When the log of writes is brought to the disk.", Effect = Later,
            },
            new BoolSetting("no-appendfsync-on-rewrite", false)
            {
                Description = "Do not bring the log to the disk while it is being rewritten.", Effect = Later,
            },
            new IntSetting("auto-aof-rewrite-percentage", 100, 0, int.MaxValue)
            {
                Description = "Rewrite the log when it has grown by so many percent; 0 is never.", Effect = Later,
            },
            new BytesSetting("auto-aof-rewrite-min-size", 64 << 20)
            {
                Description = "The size below which the log is not rewritten by itself.", Effect = Later,
            },
            new BoolSetting("aof-rewrite-incremental-fsync", true)
            {
                Description = "Bring a rewritten log to the disk in parts.", Effect = Later,
            },
            new BoolSetting("aof-use-rdb-preamble", true)
            {
                Description = "Begin a rewritten log with a snapshot.", Effect = Later,
            },
            new BoolSetting("aof-timestamp-enabled", false)
            {
                Description = "Note times in the log, so that it can be cut at one.", Effect = Later,
            },
            new BoolSetting("aof-disable-auto-gc", false)
            {
                Description = "Keep old files of the log.", Flags = SettingFlags.Hidden, Effect = Later,
            });
    }
}
