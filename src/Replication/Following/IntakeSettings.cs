using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Replication.Following;

/// <summary>When a snapshot is loaded while it comes, without a file.</summary>
public enum DisklessLoad
{
    Disabled,

    /// <summary>Where there is no data.</summary>
    OnEmptyDb,

    /// <summary>Always, beside the old data.</summary>
    SwapDb,

    /// <summary>Always, in the place of the old data, which goes first.</summary>
    FlushFirst,
}

/// <summary>How data of a primary is taken over.</summary>
public sealed class IntakeSettings
{
    public readonly BoolSetting FlushesLazily;
    public readonly BoolSetting IgnoresDiskErrors;
    public readonly ChoiceSetting<DisklessLoad> LoadsDirectly;

    internal IntakeSettings(SettingsSection section)
    {
        FlushesLazily = section.Add(new BoolSetting("replica-lazy-flush", false)
        {
            Alias = "slave-lazy-flush", Description = "Free the old data in slices before a full synchronisation.",
        });
        IgnoresDiskErrors = section.Add(new BoolSetting("replica-ignore-disk-write-errors", false)
        {
            Description = "Go on following the primary while changes cannot be written to the disk as configured.",
        });
        LoadsDirectly = section.Add(new ChoiceSetting<DisklessLoad>(
            "repl-diskless-load",
            DisklessLoad.Disabled,
            ("disabled", DisklessLoad.Disabled),
            ("on-empty-db", DisklessLoad.OnEmptyDb),
            ("swapdb", DisklessLoad.SwapDb),
            ("flush-before-load", DisklessLoad.FlushFirst),
            ("flushdb", DisklessLoad.FlushFirst))
        {
            Description = "When a replica loads what it receives without a file: never, if it has no data, beside its data, "
                + "or in its place, as Valkey and Redis call it.",
            Flags = SettingFlags.DenyLoading,
        });
    }
}
