namespace Bixbite.Configuration;

/// <summary>Who may use a dangerous feature.</summary>
public enum LocalAccess
{
    No,
    Yes,

    /// <summary>Connections from this machine only.</summary>
    Local,
}
