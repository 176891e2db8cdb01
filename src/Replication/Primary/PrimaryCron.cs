using Bixbite.Logging;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Primary;

/// <summary>
/// The work of a primary for its replicas that nobody asks for: pings, timeouts, snapshots that are due. Under the execution lock, on the
/// first loop.
/// </summary>
internal sealed class PrimaryCron(
    ReplicationStream stream, Replicas replicas, FullSyncs fullSyncs, ReplicaVersions versions, ReplicationSettings settings,
    ServerLog log)
{
    private const long SecondMs = 1000;

    private readonly List<Replica> _noted = [];
    private long _secondMs;
    private long? _pingMs;

    /// <summary>Does what is due; returns the milliseconds until something is again.</summary>
    public long Run(long nowUs)
    {
        long nowMs = nowUs / 1000;
        if (replicas.Count > 0)
        {
            ForEach(replicas.Note);
        }
        if (nowMs - _secondMs >= SecondMs)
        {
            _secondMs = nowMs;
            RunSecond(nowMs, IsPingDue(nowMs));
        }
        return Math.Min(fullSyncs.Run(), stream.QuestionDueMs);
    }

    /// <summary>Periods go on while there is no replica, and the first begins with the server.</summary>
    private bool IsPingDue(long nowMs)
    {
        _pingMs ??= nowMs;
        bool isDue = nowMs - _pingMs >= settings.PingPeriodSeconds.Value * SecondMs;
        _pingMs = isDue ? nowMs : _pingMs;
        return isDue;
    }

    private void RunSecond(long nowMs, bool isPingDue)
    {
        if (replicas.Count == 0)
        {
            StopUnwanted(nowMs);
            replicas.CountGood();
            return;
        }
        if (isPingDue)
        {
            stream.Ping();
        }
        fullSyncs.GiveSign();
        ForEach(versions.NoteUnknown);
        ForEach(replica => DropSilent(replica, nowMs));
        replicas.CountGood();
    }

    /// <summary>Calls something for each replica, which may cut its connection.</summary>
    private void ForEach(Action<Replica> note)
    {
        _noted.AddRange(replicas.All);
        _noted.ForEach(note);
        _noted.Clear();
    }

    private void DropSilent(Replica replica, long nowMs)
    {
        bool mustSpeak = !replica.IsSilent && (replica.State == ReplicaState.Online || replica.IsTransferred);
        if (mustSpeak && nowMs - replica.LastHeardMs > settings.TimeoutSeconds.Value * SecondMs)
        {
            log.Write(LogLevel.Warning, $"Disconnecting timedout replica (streaming sync): {replica.Name}");
            replica.Session.Cut();
        }
    }

    private void StopUnwanted(long nowMs)
    {
        long ttlSeconds = settings.BacklogTtlSeconds.Value;
        bool mayEnd = stream.IsOn && !stream.IsWanted && !stream.IsRepeating;
        if (mayEnd && ttlSeconds > 0 && (nowMs - replicas.LastLeftMs) / SecondMs >= ttlSeconds)
        {
            stream.Stop();
            log.Write(LogLevel.Notice, $"Replication backlog freed after {ttlSeconds} seconds without connected replicas.");
        }
    }
}
