namespace Bixbite.AccessControl.Rules;

/// <summary>
/// Why a user may not run a request. Where several selectors deny it, the largest reason is told: the selector that came nearest to
/// admitting it.
/// </summary>
public enum DenialReason
{
    None,
    Database,
    Command,
    Key,
    Authentication,
    Channel,

    /// <summary>There is no user of a name in the client's certificate.</summary>
    Certificate,
}

/// <summary>A decision on a request.</summary>
/// <param name="Reason">None if it may run.</param>
/// <param name="Index">The argument that is denied: a key, a channel, a database; 0 for the command itself.</param>
public readonly record struct Denial(DenialReason Reason, int Index)
{
    public static Denial Nothing => default;

    public bool IsAdmitted => Reason == DenialReason.None;

    /// <summary>The one of two that is told.</summary>
    public static Denial Nearer(Denial left, Denial right) =>
        right.Reason > left.Reason || (right.Reason == left.Reason && right.Index > left.Index) ? right : left;
}
