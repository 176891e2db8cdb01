using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Cluster;

/// <summary>Whether a server is a node of a cluster, and what it does for clients then.</summary>
public sealed class ClusterSettings
{
    private const int PortMax = 65535;

    public readonly BoolSetting Enabled;
    public readonly TextSetting ConfigFile;
    public readonly IntSetting DatabaseCount;
    public readonly IntSetting BusPort;
    public readonly BoolSetting RequiresFullCoverage;
    public readonly BoolSetting AllowsReadsWhenDown;
    public readonly BoolSetting AllowsShardChannelsWhenDown;
    public readonly ChoiceSetting<EndpointType> PreferredEndpoint;
    public readonly BoolSetting KeepsSlotStatistics;

    public ClusterSettings(Settings settings)
    {
        SettingsSection section = settings["Cluster"];
        Enabled = section.Add(new BoolSetting("cluster-enabled", false)
        {
            Description = "Be a node of a cluster.", Flags = SettingFlags.Immutable,
        });
        ConfigFile = section.Add(new TextSetting("cluster-config-file", "nodes.conf")
        {
            Description = "The file in which a node keeps who it is and what the cluster has agreed on. It is no text, and no other "
                + "node's.",
            Flags = SettingFlags.Immutable,
        });
        DatabaseCount = section.Add(new IntSetting("cluster-databases", 1, 1, int.MaxValue)
        {
            Description = "How many databases a node of a cluster has, in place of databases.", Flags = SettingFlags.Immutable,
        });
        BusPort = section.Add(new IntSetting("cluster-port", 0, 0, PortMax)
        {
            Description = "The port of the cluster bus; 0 is the port plus 10000.", Flags = SettingFlags.Immutable,
        });
        RequiresFullCoverage = section.Add(new BoolSetting("cluster-require-full-coverage", true)
        {
            Description = "Refuse requests with keys while a slot has no owner.",
        });
        AllowsReadsWhenDown = section.Add(new BoolSetting("cluster-allow-reads-when-down", false)
        {
            Description = "Answer requests that only read even so.",
        });
        AllowsShardChannelsWhenDown = section.Add(new BoolSetting("cluster-allow-pubsubshard-when-down", true)
        {
            Description = "Serve channels of shards even so.",
        });
        PreferredEndpoint = section.Add(new ChoiceSetting<EndpointType>(
            "cluster-preferred-endpoint-type", EndpointType.Ip, ("ip", EndpointType.Ip), ("hostname", EndpointType.HostName),
            ("unknown-endpoint", EndpointType.Unknown))
        {
            Description = "How clients are told where a node is.",
        });
        KeepsSlotStatistics = section.Add(new BoolSetting("cluster-slot-stats-enabled", false)
        {
            Description = "Count the time and the bytes on the network that each slot takes, for CLUSTER SLOT-STATS.",
        });
    }
}

/// <summary>How clients are told where a node is.</summary>
public enum EndpointType
{
    Ip,
    HostName,

    /// <summary>They take the host that they have asked.</summary>
    Unknown,
}
