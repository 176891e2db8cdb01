namespace Bixbite.Configuration;

[Flags]
public enum SettingFlags
{
    None = 0,

    /// <summary>Only the configuration file and the command line can set it.</summary>
    Immutable = 1,

    /// <summary>Its value must not appear in logs, SLOWLOG or MONITOR.</summary>
    Sensitive = 2,

    /// <summary>CONFIG SET needs enable-protected-configs.</summary>
    Protected = 4,

    /// <summary>CONFIG GET shows it only by its exact name.</summary>
    Hidden = 8,

    /// <summary>Its value is several words.</summary>
    MultiArgument = 16,

    /// <summary>CONFIG SET refuses it while the data set is being loaded.</summary>
    DenyLoading = 32,
}
