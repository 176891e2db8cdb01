using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Persistence.Aof;

/// <summary>When and how the log of writes is rewritten.</summary>
public sealed class AofRewriteSettings
{
    public readonly BoolSetting IsFsyncSuspended;
    public readonly IntSetting GrowthPercent;
    public readonly BytesSetting SizeMin;
    public readonly BoolSetting HasPreamble;
    public readonly BoolSetting IncrementalFsync;
    public readonly BoolSetting KeepsHistory;

    public AofRewriteSettings(Settings settings)
    {
        SettingsSection section = settings["Append-only file"];
        IsFsyncSuspended = section.Add(new BoolSetting("no-appendfsync-on-rewrite", false)
        {
            Description = "Do not make the log durable every second while it is being rewritten or a snapshot is saved.",
        });
        GrowthPercent = section.Add(new IntSetting("auto-aof-rewrite-percentage", 100, 0, int.MaxValue)
        {
            Description = "Rewrite the log when it has grown by so many percent; 0 is never.",
        });
        SizeMin = section.Add(new BytesSetting("auto-aof-rewrite-min-size", 64 << 20)
        {
            Description = "The size below which the log is not rewritten by itself.",
        });
        HasPreamble = section.Add(new BoolSetting("aof-use-rdb-preamble", true)
        {
            Description = "Begin a rewritten log with a snapshot rather than with requests.",
        });
        KeepsHistory = section.Add(new BoolSetting("aof-disable-auto-gc", false)
        {
            Description = "Keep files of the log that were replaced.", Flags = SettingFlags.Hidden,
        });
        IncrementalFsync = section.Add(new BoolSetting("aof-rewrite-incremental-fsync", true)
        {
            Description = "Send a growing rewritten log to the disk in parts.",
        });
    }
}
