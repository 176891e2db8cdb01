namespace Bixbite.Replication.Following;

/// <summary>How far this server is with its primary.</summary>
public enum FollowState
{
    /// <summary>It follows nobody.</summary>
    None,

    /// <summary>It is about to connect.</summary>
    Waiting,

    /// <summary>It connects.</summary>
    Connecting,

    /// <summary>It tells the primary of itself, and where it wants to go on.</summary>
    Handshake,

    /// <summary>It gets a snapshot, or loads it.</summary>
    Receiving,

    /// <summary>It gets the stream.</summary>
    Connected,
}
