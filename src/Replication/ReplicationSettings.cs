using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Replication.Levels;

namespace Bixbite.Replication;

public sealed class ReplicationSettings
{
    public readonly BytesSetting BacklogSize;
    public readonly LongSetting BacklogTtlSeconds;
    public readonly BytesSetting BacklogDiskSize;
    public readonly BoolSetting BundlesPackets;
    public readonly IntSetting PingPeriodSeconds;
    public readonly IntSetting TimeoutSeconds;
    public readonly IntSetting GoodReplicaCountMin;
    public readonly IntSetting GoodReplicaLagMaxSeconds;
    public readonly DurabilityLevelSetting ClientDurability;

    public ReplicationSettings(Settings settings)
    {
        SettingsSection section = settings["Replication"];
        BacklogSize = section.Add(new BytesSetting("repl-backlog-size", 1 << 20, 1)
        {
            Description = "How much of the stream is kept for replicas that come back.",
        });
        BacklogTtlSeconds = section.Add(new LongSetting("repl-backlog-ttl", 3600)
        {
            Description = "How many seconds it is kept when there is no replica; 0 is forever.",
        });
        BacklogDiskSize = section.Add(new BytesSetting("repl-backlog-disk-size", 8L << 30)
        {
            Description = "How much of the stream may lie in temporary files for replicas that are behind; 0 keeps it in memory, where "
                + "client-output-buffer-limit ends it.",
        });
        BundlesPackets = section.Add(new BoolSetting("repl-disable-tcp-nodelay", false)
        {
            Description = "Send to replicas in fewer and larger packets, which come up to 40 milliseconds later.",
        });
        PingPeriodSeconds = section.Add(new IntSetting("repl-ping-replica-period", 10, 1, int.MaxValue)
        {
            Alias = "repl-ping-slave-period", Description = "Seconds between pings to replicas.",
        });
        TimeoutSeconds = section.Add(new IntSetting("repl-timeout", 60, 1, int.MaxValue)
        {
            Description = "Seconds of silence that end a link.",
        });
        GoodReplicaCountMin = section.Add(new IntSetting("min-replicas-to-write", 0, 0, int.MaxValue)
        {
            Alias = "min-slaves-to-write", Description = "Refuse writes with fewer good replicas than this; 0 refuses none.",
        });
        GoodReplicaLagMaxSeconds = section.Add(new IntSetting("min-replicas-max-lag", 10, 0, int.MaxValue)
        {
            Alias = "min-slaves-max-lag",
            Description = "How many seconds a good replica may have been silent; 0 switches min-replicas-to-write off.",
        });
        ClientDurability = section.Add(new DurabilityLevelSetting("client-durability")
        {
            Description = "What replies to changes wait for, of clients that do not choose it by CLIENT DURABILITY.",
            Flags = SettingFlags.MultiArgument,
        });
    }
}
