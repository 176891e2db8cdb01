namespace Bixbite.Engine.Statistics;

/// <summary>Counters of the engine since the start or the last CONFIG RESETSTAT. Changed only by whoever has the turn.</summary>
public sealed class ServerStatistics
{
    public long CommandsProcessed { get; set; }

    public long ErrorReplies { get; set; }

    /// <summary>Errors that came out of a command that had begun to run.</summary>
    public long UnexpectedErrorReplies { get; set; }

    public long ConnectionsReceived { get; set; }

    /// <summary>Connections refused because of maxclients.</summary>
    public long ConnectionsRejected { get; set; }

    /// <summary>Failed AUTH and HELLO AUTH.</summary>
    public long AuthenticationsDenied { get; set; }

    public ErrorStatistics Errors { get; } = new();

    public void Reset()
    {
        CommandsProcessed = 0;
        ErrorReplies = 0;
        UnexpectedErrorReplies = 0;
        ConnectionsReceived = 0;
        ConnectionsRejected = 0;
        AuthenticationsDenied = 0;
        Errors.Reset();
    }
}
