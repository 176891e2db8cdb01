using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Replication;

/// <summary>How replicas get all data.</summary>
public sealed class FullSyncSettings
{
    public readonly BoolSetting IsDiskless;
    public readonly IntSetting DisklessDelaySeconds;
    public readonly IntSetting DisklessReplicaCountMax;
    public readonly BoolSetting AssumesFieldExpiry;

    public FullSyncSettings(Settings settings)
    {
        SettingsSection section = settings["Replication"];
        IsDiskless = section.Add(new BoolSetting("repl-diskless-sync", true)
        {
            Description = "Send snapshots to replicas without a file, where they understand that.",
        });
        DisklessDelaySeconds = section.Add(new IntSetting("repl-diskless-sync-delay", 5, 0, int.MaxValue)
        {
            Description = "How many seconds to wait for more replicas before a snapshot for them begins.",
        });
        DisklessReplicaCountMax = section.Add(new IntSetting("repl-diskless-sync-max-replicas", 0, 0, int.MaxValue)
        {
            Description = "With how many replicas not to wait any longer; 0 is any number.",
        });
        AssumesFieldExpiry = section.Add(new BoolSetting("repl-assume-field-expiry", false)
        {
            Description = "Take replicas that do not say their version for Redis 7.4 or later, which knows fields of hashes that expire.",
        });
    }
}
