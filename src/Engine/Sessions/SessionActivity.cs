namespace Bixbite.Engine.Sessions;

/// <summary>The activity of a session so far.</summary>
public sealed class SessionActivity(long connectedAtMs)
{
    /// <summary>Monotonic milliseconds.</summary>
    public long ConnectedAtMs { get; } = connectedAtMs;

    /// <summary>Monotonic milliseconds of the last byte received.</summary>
    public long LastSeenMs { get; set; } = connectedAtMs;

    /// <summary>The full name of the command that was asked for last, run or refused; null if it was none.</summary>
    public byte[]? LastCommand { get; set; }

    public long CommandCount { get; set; }

    public long BytesReceived { get; set; }

    /// <summary>The position of the stream to replicas that everything reaches which it has changed; 0 where that is nothing.</summary>
    public long ChangedEnd { get; internal set; }
}
