namespace Bixbite.AccessControl.Users;

/// <summary>The state of a user as a whole.</summary>
[Flags]
public enum UserFlags
{
    None = 0,

    /// <summary>It may be logged in as (on); off without it.</summary>
    Enabled = 1,

    /// <summary>Any password will do.</summary>
    NoPassword = 2,

    /// <summary>The payloads that RESTORE gets from it are trusted.</summary>
    SkipsSanitizing = 4,
}
