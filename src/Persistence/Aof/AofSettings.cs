using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Persistence.Aof;

/// <summary>The log of writes.</summary>
public sealed class AofSettings
{
    public readonly BoolSetting IsOn;
    public readonly TextSetting FileName;
    public readonly TextSetting FolderName;
    public readonly BoolSetting LoadsTruncated;
    public readonly BytesSetting CorruptTailSizeMax;
    public readonly ChoiceSetting<SyncPolicy> Fsync;
    public readonly BoolSetting HasTimestamps;

    /// <summary>How it is made short again.</summary>
    public readonly AofRewriteSettings Rewrite;

    public AofSettings(Settings settings)
    {
        SettingsSection section = settings["Append-only file"];
        IsOn = section.Add(new BoolSetting("appendonly", false)
        {
            Description = "Log every write so that it survives the process.",
            Flags = SettingFlags.DenyLoading,
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
        Fsync = section.Add(new ChoiceSetting<SyncPolicy>(
            "appendfsync", SyncPolicy.EverySecond,
            ("everysec", SyncPolicy.EverySecond), ("always", SyncPolicy.Always), ("no", SyncPolicy.Never))
        {
            Description = "When the log of writes is made durable.",
        });
        HasTimestamps = section.Add(new BoolSetting("aof-timestamp-enabled", false)
        {
            Description = "Note times in the log, so that it can be cut at one.",
        });
        Rewrite = new AofRewriteSettings(settings);
    }
}
