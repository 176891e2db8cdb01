namespace Bixbite.Engine.Sessions;

/// <summary>The activity of a session so far.</summary>
public sealed class SessionActivity(long connectedAtMs)
{
    private ClientWork _work;

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

    /// <summary>A request of the client has run.</summary>
    internal void NoteCall(long durationUs) =>
        _work = _work with { Calls = _work.Calls + 1, DurationUs = _work.DurationUs + durationUs };

    /// <summary>The client was answered an error.</summary>
    internal void NoteError() => _work = _work with { Errors = _work.Errors + 1 };

    /// <summary>The work of the client since the last call.</summary>
    internal ClientWork TakeWork()
    {
        ClientWork work = _work;
        _work = default;
        return work;
    }
}
