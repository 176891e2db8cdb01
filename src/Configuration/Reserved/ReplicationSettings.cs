using Bixbite.Configuration.Kinds;

namespace Bixbite.Configuration.Reserved;

internal static class ReplicationSettings
{
    private const int PortMax = 65535;
    private const SettingEffect Later = SettingEffect.ArrivesLater;

    public static void AddTo(SettingsSection section)
    {
        AddReplica(section);
        AddPrimary(section);
    }

    private static void AddReplica(SettingsSection section) => section.AddAll(
        new PrimarySetting("replicaof")
        {
            Alias = "slaveof",
            Description = "The primary to be a replica of.",
            Flags = SettingFlags.Immutable | SettingFlags.MultiArgument,
            Effect = SettingEffect.SwitchArrivesLater,
        },
        new TextSetting("masterauth")
        {
            Alias = "primaryauth", Description = "The password to give to the primary.", Flags = SettingFlags.Sensitive, Effect = Later,
        },
        new TextSetting("masteruser")
        {
            Alias = "primaryuser", Description = "The user to be at the primary.", Flags = SettingFlags.Sensitive, Effect = Later,
        },
        Switch("replica-serve-stale-data", true, "Answer reads while the primary is away."),
        Switch("replica-read-only", true, "Refuse writes of clients on a replica."),
        Switch("replica-ignore-maxmemory", true, "Leave eviction to the primary."),
        Switch("replica-lazy-flush", false, "Free the old data in slices before a full synchronisation."),
        new IntSetting("replica-priority", 100, 0, int.MaxValue)
        {
            Alias = "slave-priority", Description = "The lower, the sooner a replica is promoted; 0 is never.", Effect = Later,
        },
        new TextSetting("replica-announce-ip")
        {
            Alias = "slave-announce-ip", Description = "The address that a replica says it has.", Effect = Later,
        },
        new IntSetting("replica-announce-port", 0, 0, PortMax)
        {
            Alias = "slave-announce-port", Description = "The port that a replica says it has.", Effect = Later,
        },
        new BoolSetting("replica-announced", true) { Description = "Whether Sentinel is told of this replica.", Effect = Later },
        new BoolSetting("replica-ignore-disk-write-errors", false)
        {
            Description = "Go on replicating when the disk fails.", Effect = Later,
        });

    private static void AddPrimary(SettingsSection section) => section.AddAll(
        new BoolSetting("dual-channel-replication-enabled", false)
        {
            Description = "Send snapshot and stream to replicas on two connections.", Effect = Later,
        },
        new WordSetting("repl-diskless-load", "disabled", "disabled", "on-empty-db", "swapdb")
        {
            Description = "When a replica loads what it receives without a file.", Flags = SettingFlags.DenyLoading, Effect = Later,
        },
        new WordSetting("propagation-error-behavior", "ignore", "ignore", "panic", "panic-on-replicas")
        {
            Description = "What to do about an error in the stream from the primary.", Effect = Later,
        });

    private static BoolSetting Switch(string name, bool standard, string description) => new(name, standard)
    {
        Alias = name.Replace("replica-", "slave-", StringComparison.Ordinal), Description = description, Effect = Later,
    };
}
