using System.Globalization;
using Bixbite.Engine.Sessions;

namespace Bixbite.Replication.Primary;

/// <summary>How far a replica is, as INFO tells it.</summary>
public enum ReplicaState
{
    /// <summary>It waits for a snapshot to begin.</summary>
    Waiting,

    /// <summary>It gets a snapshot, or has not acknowledged one yet.</summary>
    Receiving,

    /// <summary>It gets the stream.</summary>
    Online,
}

/// <summary>A client that has become a replica, until its connection ends. Under the execution lock.</summary>
public sealed class Replica
{
    private volatile bool _isFileSent;

    internal Replica(Session session, ReplicaOptions options, ReplicaFeed feed, long nowMs)
    {
        Session = session;
        Options = options;
        Feed = feed;
        SinceMs = nowMs;
        OnlineMs = nowMs;
        SentBefore = session.Link.BytesSent;
    }

    public Session Session { get; }

    public ReplicaOptions Options { get; }

    /// <summary>It came by SYNC: it says nothing of how far it is, and gets no line before the snapshot.</summary>
    public bool IsSilent { get; init; }

    public ReplicaState State { get; internal set; }

    /// <summary>Its state as Redis calls it: a snapshot is sent when it is whole, and otherwise waited for while it is sent.</summary>
    public string StateName => State switch
    {
        ReplicaState.Online => "online",
        ReplicaState.Receiving when _isFileSent || Feed.IsTransferred => "send_bulk",
        _ => "wait_bgsave",
    };

    /// <summary>It has said that it has everything before this position.</summary>
    public long AcknowledgedEnd { get; internal set; }

    /// <summary>It has said that its log has everything before this position.</summary>
    public long LoggedEnd { get; internal set; }

    /// <summary>Monotonic milliseconds when it said something last: an acknowledgement, or a line end while it loads.</summary>
    public long LastHeardMs => Math.Max(OnlineMs, Session.Activity.LastSeenMs);

    /// <summary>For how many seconds one that gets the stream has been silent; 0 for all others.</summary>
    public long LagSeconds(long nowMs) => State == ReplicaState.Online ? Math.Max(nowMs - LastHeardMs, 0) / 1000 : 0;

    /// <summary>Monotonic milliseconds when it came.</summary>
    public long SinceMs { get; }

    /// <summary>Bytes that were sent to it.</summary>
    public long SentBytes => Session.Link.BytesSent - SentBefore;

    /// <summary>Where clients reach it.</summary>
    public string Host
    {
        get
        {
            if (Options.Address is { } address)
            {
                return address;
            }
            string peer = Session.Link.PeerAddress;
            int colon = peer.LastIndexOf(':');
            return (colon < 0 ? peer : peer[..colon]).Trim('[', ']');
        }
    }

    /// <summary>The file is whole in which its snapshot is, and begins to be sent. Any thread.</summary>
    internal void NoteFileSent() => _isFileSent = true;

    /// <summary>Its name for the log.</summary>
    public string Name => Options.Port > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{Options.Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:<unknown-replica-port>");

    /// <summary>The log has been told that it does not know all that it is told.</summary>
    internal bool IsWarnedOf { get; set; }

    internal ReplicaFeed Feed { get; }

    /// <summary>Monotonic milliseconds when it has got its snapshot; it may have been silent before.</summary>
    internal long OnlineMs { get; set; }

    /// <summary>All of its snapshot was sent, as far as was noted.</summary>
    internal bool IsTransferred { get; set; }

    /// <summary>Its connection is gone.</summary>
    internal bool IsGone { get; set; }

    private long SentBefore { get; }
}
