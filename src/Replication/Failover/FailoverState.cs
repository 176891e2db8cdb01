namespace Bixbite.Replication.Failover;

/// <summary>How far a primary is that gives its place to a replica.</summary>
public enum FailoverState
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Nobody writes, until a replica has everything.</summary>
    WaitingForSync,

    /// <summary>It is a replica, and asks the one that has everything to be its primary.</summary>
    InProgress,
}
