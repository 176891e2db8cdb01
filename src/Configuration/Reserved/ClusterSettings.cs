using Bixbite.Configuration.Kinds;

namespace Bixbite.Configuration.Reserved;

internal static class ClusterSettings
{
    private const int PortMax = 65535;
    private const int HostNameMax = 256;
    private const string NodeNameExcluded = "!#$%&()*+;<=>?@[]^{|}~\"'/,:\\";
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public static void AddTo(SettingsSection section)
    {
        AddNode(section);
        AddFailover(section);
    }

    private static void AddNode(SettingsSection section) => section.AddAll(
        new BoolSetting("cluster-enabled", false)
        {
            Description = "Be a node of a cluster.", Flags = SettingFlags.Immutable, Effect = SettingEffect.SwitchArrivesLater,
        },
        new TextSetting("cluster-config-file", "nodes.conf")
        {
            Description = "The file in which a node keeps what it knows.", Flags = SettingFlags.Immutable, Effect = Later,
        },
        new IntSetting("cluster-port", 0, 0, PortMax)
        {
            Description = "The port of the cluster bus; 0 is the port plus 10000.", Flags = SettingFlags.Immutable, Effect = Later,
        },
        new TextSetting("cluster-announce-ip") { Description = "The address that a node says it has.", Effect = Later },
        new TextSetting("cluster-announce-client-ipv4") { Description = "The IPv4 address that clients are told.", Effect = Later },
        new TextSetting("cluster-announce-client-ipv6") { Description = "The IPv6 address that clients are told.", Effect = Later },
        new TextSetting("availability-zone") { Description = "The zone that a node says it is in.", Effect = Later },
        new TextSetting("cluster-announce-hostname")
        {
            Description = "The host name that a node says it has.", Effect = Later, Check = CheckHostName,
        },
        new TextSetting("cluster-announce-human-nodename")
        {
            Description = "A name of the node for people.", Effect = Later, Check = CheckNodeName,
        },
        Port("cluster-announce-port", "The port that a node says it has."),
        Port("cluster-announce-tls-port", "The TLS port that a node says it has."),
        Port("cluster-announce-bus-port", "The bus port that a node says it has."),
        new WordSetting("cluster-preferred-endpoint-type", "ip", "ip", "hostname", "unknown-endpoint")
        {
            Description = "How clients are told where a node is.", Effect = Later,
        },
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
        new BoolSetting("cluster-require-full-coverage", true) { Description = "Refuse queries when slots are missing.", Effect = Later },
        new BoolSetting("cluster-allow-reads-when-down", false) { Description = "Answer reads even so.", Effect = Later },
        new BoolSetting("cluster-allow-pubsubshard-when-down", true) { Description = "Publish to shards even so.", Effect = Later },
        new LongSetting("cluster-blacklist-ttl", 60) { Description = "Seconds for which a forgotten node stays so.", Effect = Later },
        new BoolSetting("cluster-slot-stats-enabled", false) { Description = "Keep statistics of slots.", Effect = Later });

    private static IntSetting Port(string name, string description) =>
        new(name, 0, 0, PortMax) { Description = description, Effect = Later };

    private static string? CheckHostName(string value)
    {
        if (value.Length >= HostNameMax)
        {
            return $"Hostnames must be less than {HostNameMax} characters";
        }
        return value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
            ? null
            : "Hostnames may only contain alphanumeric characters, hyphens or dots";
    }

    private static string? CheckNodeName(string value) =>
        value.All(letter => letter is > ' ' and <= '~' && !NodeNameExcluded.Contains(letter, StringComparison.Ordinal))
            ? null
            : "Announced human node name contained invalid character";
}
