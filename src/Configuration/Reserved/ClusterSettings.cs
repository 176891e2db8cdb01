using Bixbite.Configuration.Kinds;

namespace Bixbite.Configuration.Reserved;

internal static class ClusterSettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public static void AddTo(SettingsSection section)
    {
        AddNode(section);
        AddFailover(section);
    }

    private static void AddNode(SettingsSection section) => section.AddAll(
        new TextSetting("cluster-announce-client-ipv4") { Description = "The IPv4 address that clients are told.", Effect = Later },
        new TextSetting("cluster-announce-client-ipv6") { Description = "The IPv6 address that clients are told.", Effect = Later },
        new TextSetting("availability-zone") { Description = "The zone that a node says it is in.", Effect = Later },
        new BytesSetting("cluster-link-sendbuf-limit", 0)
        {
            Description = "How much may wait to be sent to another node; 0 is any amount.", Effect = Later,
        },
        new LongSetting("cluster-ping-interval", 0)
        {
            Description = "Milliseconds between pings; 0 lets the node choose.", Flags = SettingFlags.Hidden, Effect = Later,
        });

    private static void AddFailover(SettingsSection section) => section.AddAll(
        new LongSetting("cluster-node-timeout", 15000)
        {
            Description = "Milliseconds of silence after which a node is down.", Effect = Later,
        },
        new IntSetting("cluster-replica-validity-factor", 10, 0, int.MaxValue)
        {
            Alias = "cluster-slave-validity-factor", Description = "How old data a replica may be promoted with.", Effect = Later,
        },
        new BoolSetting("cluster-replica-no-failover", false)
        {
            Alias = "cluster-slave-no-failover", Description = "Do not promote this replica.", Effect = Later,
        },
        new IntSetting("cluster-migration-barrier", 1, 0, int.MaxValue)
        {
            Description = "How many replicas a primary keeps when it gives one away.", Effect = Later,
        },
        new BoolSetting("cluster-allow-replica-migration", true) { Description = "Let replicas change their primary.", Effect = Later },
        new LongSetting("cluster-blacklist-ttl", 60) { Description = "Seconds for which a forgotten node stays so.", Effect = Later });
}
