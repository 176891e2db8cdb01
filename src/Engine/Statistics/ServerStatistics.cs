namespace Bixbite.Engine.Statistics;

/// <summary>
/// Counters of the engine since the start or the last CONFIG RESETSTAT. Changed only by whoever holds the execution lock.
/// </summary>
public sealed class ServerStatistics
{
    public long CommandsProcessed { get; set; }

    /// <summary>Microseconds that commands ran.</summary>
    public long CommandUs { get; set; }

    /// <summary>Microseconds of what the server does by itself between rounds.</summary>
    public long CronUs { get; set; }

    /// <summary>The most commands of one loop's round.</summary>
    public long CommandsPerRoundMax { get; private set; }

    public long ErrorReplies { get; set; }

    /// <summary>Errors that came out of a command that had begun to run.</summary>
    public long UnexpectedErrorReplies { get; set; }

    public long ConnectionsReceived { get; set; }

    /// <summary>Connections refused because of maxclients.</summary>
    public long ConnectionsRejected { get; set; }

    /// <summary>Clients closed because of maxmemory-clients.</summary>
    public long ClientsEvicted { get; set; }

    /// <summary>Clients cut off because an unfinished request grew beyond client-query-buffer-limit.</summary>
    public long QueryLimitCloses { get; set; }

    public ErrorStatistics Errors { get; } = new();

    /// <summary>A round has run all commands since so many were processed.</summary>
    public void NoteRound(long commandsBefore) =>
        CommandsPerRoundMax = Math.Max(CommandsPerRoundMax, CommandsProcessed - commandsBefore);

    public void Reset()
    {
        CommandsProcessed = 0;
        CommandUs = 0;
        CronUs = 0;
        CommandsPerRoundMax = 0;
        QueryLimitCloses = 0;
        ErrorReplies = 0;
        UnexpectedErrorReplies = 0;
        ConnectionsReceived = 0;
        ConnectionsRejected = 0;
        ClientsEvicted = 0;
        Errors.Reset();
    }
}
