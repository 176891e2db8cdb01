using System.Globalization;
using System.Text;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Replication.History;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Primary;

/// <summary>
/// Decides on PSYNC: whether a client goes on in the stream where it was, or gets all data first. Under the execution lock.
/// </summary>
public sealed class SyncRequests(
    ReplicationStream stream, ReplicationHistory history, Replicas replicas, FullSyncs fullSyncs, ReplicaVersions versions,
    SyncStatistics statistics, ServerLog log)
{
    private const int ShownIdSizeMax = 64;

    /// <summary>
    /// Makes the client a replica that gets the stream from this byte on, counted from 1; false if that cannot be: it needs all data.
    /// </summary>
    public bool TryContinue(Session session, ReadOnlySpan<byte> id, long offset)
    {
        bool isForced = id.StartsWith("?"u8);
        if (RefusalOf(session, id, offset, isForced) is { } reason)
        {
            statistics.RefusedPartialCount += isForced ? 0 : 1;
            log.Write(LogLevel.Notice, reason);
            return false;
        }
        if (!stream.TryReadFrom(offset - 1, out StreamCursor? cursor))
        {
            statistics.RefusedPartialCount++;
            log.Write(
                LogLevel.Notice,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Unable to partial resync with replica {NameOf(session)} for lack of backlog (Replica request was: {offset}, "
                    + $"there are bytes {stream.LoggedStart + 1} to {stream.End})."));
            return false;
        }
        statistics.PartialCount++;
        log.Write(
            LogLevel.Notice,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Partial resynchronization request from {NameOf(session)} accepted. Sending {stream.End - offset + 1} bytes of backlog "
                + $"starting from offset {offset}."));
        replicas.Add(new Replica(session, replicas.OptionsOf(session), ReplicaFeed.From(cursor, session.Link), replicas.NowMs)
        {
            State = ReplicaState.Online,
        });
        replicas.CountGood();
        return true;
    }

    /// <summary>The client would know everything that is in the data; if not, the log is told.</summary>
    public bool MayBeginFull(Session session)
    {
        ReplicaOptions options = replicas.OptionsOf(session);
        if (versions.Knows(options))
        {
            return true;
        }
        versions.NoteRefusal(NameOf(session), options);
        return false;
    }

    /// <summary>Makes the client a replica that gets all data and then the stream.</summary>
    public void BeginFull(Session session, bool isSilent)
    {
        statistics.FullCount++;
        fullSyncs.Add(session, isSilent);
    }

    /// <summary>Tells the log of somebody who asks.</summary>
    public void NoteRequest(Session session, bool isOffset = true) => log.Write(
        isOffset ? LogLevel.Notice : LogLevel.Warning,
        $"Replica {NameOf(session)} asks for synchronization{(isOffset ? "" : " but with a wrong offset")}");

    /// <summary>Tells the log of a primary that wants this server to take its place.</summary>
    public void NoteTakeover(Session session, ReadOnlySpan<byte> id) => log.Write(
        LogLevel.Warning, $"Failover request received for replid {ShownId(id)}, from {NameOf(session)}.");

    /// <summary>Tells the log that this server has taken its place.</summary>
    public void NoteTakenOver(Session session) =>
        log.Write(LogLevel.Notice, $"MASTER MODE enabled (failover request from {NameOf(session)})");

    /// <summary>Why the client cannot go on in the stream, for the log; null if it can.</summary>
    private string? RefusalOf(Session session, ReadOnlySpan<byte> id, long offset, bool isForced)
    {
        if (isForced)
        {
            return $"Full resync requested by replica {NameOf(session)}";
        }
        if (!history.Knows(id))
        {
            return $"Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '{ShownId(id)}', my replication "
                + $"IDs are '{history.Id}' and '{history.SecondId}')";
        }
        return history.Has(id, offset)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Partial resynchronization not accepted: Requested offset for second ID was {offset}, but I can reply up to "
                + $"{history.SecondOffset}");
    }

    private static string ShownId(ReadOnlySpan<byte> id) => Encoding.Latin1.GetString(id[..Math.Min(id.Length, ShownIdSizeMax)]);

    private string NameOf(Session session)
    {
        ReplicaOptions options = replicas.OptionsOf(session);
        return options.Port > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{options.Address ?? session.Link.PeerAddress} (port {options.Port})")
            : session.Link.PeerAddress;
    }
}
