using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Replication.Following;

public sealed class FollowingSettings
{
    private const int PortMax = 65535;

    public readonly PrimarySetting Primary;
    public readonly TextSetting Password;
    public readonly TextSetting User;
    public readonly BoolSetting ServesStaleData;
    public readonly BoolSetting IsReadOnly;
    public readonly BoolSetting IgnoresMaxMemory;
    public readonly IntakeSettings Intake;
    public readonly IntSetting Priority;
    public readonly BoolSetting IsAnnounced;
    public readonly TextSetting AnnouncedAddress;
    public readonly IntSetting AnnouncedPort;

    public FollowingSettings(Settings settings)
    {
        SettingsSection section = settings["Replication"];
        Primary = section.Add(new PrimarySetting("replicaof")
        {
            Alias = "slaveof",
            Description = "The primary to be a replica of.",
            Flags = SettingFlags.Immutable | SettingFlags.MultiArgument,
        });
        Password = section.Add(new TextSetting("masterauth")
        {
            Alias = "primaryauth", Description = "The password to give to the primary.", Flags = SettingFlags.Sensitive,
        });
        User = section.Add(new TextSetting("masteruser")
        {
            Alias = "primaryuser", Description = "The user to be at the primary.", Flags = SettingFlags.Sensitive,
        });
        ServesStaleData = section.Add(Switch("replica-serve-stale-data", true, "Answer reads while the primary is away."));
        IsReadOnly = section.Add(Switch("replica-read-only", true, "Refuse writes of clients on a replica."));
        IgnoresMaxMemory = section.Add(Switch("replica-ignore-maxmemory", true, "Leave eviction to the primary."));
        Intake = new IntakeSettings(section);
        Priority = section.Add(new IntSetting("replica-priority", 100, 0, int.MaxValue)
        {
            Alias = "slave-priority", Description = "The lower, the sooner a replica is promoted; 0 is never.",
        });
        IsAnnounced = section.Add(new BoolSetting("replica-announced", true)
        {
            Description = "Whether Sentinel is told of this replica.",
        });
        AnnouncedAddress = section.Add(new TextSetting("replica-announce-ip")
        {
            Alias = "slave-announce-ip", Description = "The address that a replica says it has.",
        });
        AnnouncedPort = section.Add(new IntSetting("replica-announce-port", 0, 0, PortMax)
        {
            Alias = "slave-announce-port", Description = "The port that a replica says it has; 0 is the one it listens on.",
        });
    }

    private static BoolSetting Switch(string name, bool standard, string description) => new(name, standard)
    {
        Alias = name.Replace("replica-", "slave-", StringComparison.Ordinal), Description = description,
    };
}
