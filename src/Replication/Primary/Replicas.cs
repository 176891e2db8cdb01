using System.Text;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Persistence.Aof;
using Bixbite.Platform;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Primary;

/// <summary>
/// The replicas of this server, in the order in which they came, and what clients that may become some have said of themselves. Under the
/// execution lock.
/// </summary>
public sealed class Replicas : ISessionPart, IReplicaLogs
{
    private const int CommandShownMax = 64;

    private readonly ReplicationStream _stream;
    private readonly ReplicationSettings _settings;
    private readonly RaisedConcerns _raised;
    private readonly SessionSlot<ReplicaOptions> _options;
    private readonly SessionSlot<Replica> _slot;
    private readonly IClock _clock;
    private readonly ServerLog _log;
    private readonly List<Replica> _all = [];
    private long _sentBytesOfGone;

    /// <param name="stream">Read by all of them.</param>
    /// <param name="settings">How many of them have to be good.</param>
    /// <param name="raised">Where it raises that there are too few.</param>
    /// <param name="parts">Give places in each session.</param>
    /// <param name="clock">Tells how long they have been silent.</param>
    /// <param name="log">Told who comes and goes.</param>
    public Replicas(
        ReplicationStream stream, ReplicationSettings settings, RaisedConcerns raised, SessionParts parts, IClock clock, ServerLog log)
    {
        _stream = stream;
        _settings = settings;
        _raised = raised;
        _options = parts.Slot<ReplicaOptions>();
        _slot = parts.Slot<Replica>();
        _clock = clock;
        _log = log;
        stream.Published = TellReaders;
        LastLeftMs = NowMs;
        Pauses = new FullSyncPauses(clock);
    }

    /// <summary>Who was given up, and how often.</summary>
    internal FullSyncPauses Pauses { get; }

    /// <summary>Told of a client that has become a replica.</summary>
    public Action<Session>? Joined { get; set; }

    /// <summary>Told when one has acknowledged more than before.</summary>
    public Action? Acknowledged { get; set; }

    public IReadOnlyList<Replica> All => _all;

    public int Count => _all.Count;

    /// <summary>How many are good: they get the stream, and have not been silent for long.</summary>
    public int GoodCount { get; private set; }

    /// <summary>Monotonic milliseconds when the last one has left, or when the server began.</summary>
    public long LastLeftMs { get; private set; }

    /// <summary>Bytes that were sent to replicas.</summary>
    public long SentBytes
    {
        get
        {
            long bytes = _sentBytesOfGone;
            foreach (Replica replica in _all)
            {
                bytes += replica.SentBytes;
            }
            return bytes;
        }
    }

    internal long NowMs => _clock.MonotonicUs / 1000;

    /// <summary>The facts that the client has told of itself, to be changed.</summary>
    public ReplicaOptions OptionsOf(Session session)
    {
        if (_options.Of(session) is not { } options)
        {
            _options.Put(session, options = new ReplicaOptions());
        }
        return options;
    }

    /// <summary>How many have everything before this position.</summary>
    public int CountWith(long end) => CountOnline(end, static replica => replica.AcknowledgedEnd);

    /// <summary>The position before which so many have everything.</summary>
    public long EndWith(int count)
    {
        long end = 0;
        foreach (Replica replica in _all)
        {
            end = replica.AcknowledgedEnd > end && CountWith(replica.AcknowledgedEnd) >= count ? replica.AcknowledgedEnd : end;
        }
        return end;
    }

    int IReplicaLogs.CountAt(long streamEnd) => CountOnline(streamEnd, static replica => replica.LoggedEnd);

    void IReplicaLogs.Ask() => _stream.AskForAcknowledgements();

    /// <summary>
    /// A replica says how far it is, and its log, unless that is null. A client that is none says nothing. Nobody has more than there is.
    /// </summary>
    public void Acknowledge(Session session, long end, long? loggedEnd)
    {
        if (_slot.Of(session) is not { } replica)
        {
            return;
        }
        replica.AcknowledgedEnd = Math.Max(replica.AcknowledgedEnd, Math.Min(end, _stream.End));
        replica.LoggedEnd = Math.Max(replica.LoggedEnd, Math.Min(loggedEnd ?? 0, _stream.End));
        replica.Feed.NoteAcknowledged();
        _stream.NoteAcknowledged(replica.AcknowledgedEnd);
        if (!Pauses.IsEmpty && replica.State == ReplicaState.Online && replica.AcknowledgedEnd >= _stream.Start)
        {
            Pauses.NoteCaughtUp(replica.Name);
        }
        Note(replica);
        CountGood();
        Acknowledged?.Invoke();
    }

    /// <summary>Disconnects all: when they come again they learn what has become of the history.</summary>
    public void DisconnectAll()
    {
        foreach (Replica replica in _all)
        {
            replica.Session.Cut();
        }
    }

    /// <summary>The time without replicas begins now.</summary>
    public void NoteAlone() => LastLeftMs = NowMs;

    /// <summary>A replica has sent a command with an answer, for which there is no place in the stream: it is disconnected.</summary>
    public void RefuseAnswer(CommandContext context)
    {
        if (_slot.Of(context.Session) is { } replica)
        {
            string command = Encoding.Latin1.GetString(context[0][..Math.Min(context[0].Length, CommandShownMax)]);
            _log.Write(LogLevel.Warning, $"Replica generated a reply to command '{command}', disconnecting it: {replica.Name}");
            context.Session.Cut();
        }
    }

    /// <summary>Counts those that are good, and raises that they are too few.</summary>
    public void CountGood()
    {
        int lagMaxSeconds = _settings.GoodReplicaLagMaxSeconds.Value;
        int wanted = _settings.GoodReplicaCountMin.Value;
        if (wanted == 0 || lagMaxSeconds == 0)
        {
            _raised.Set(Concern.GoodReplicas, false);
            return;
        }
        long nowMs = NowMs;
        GoodCount = _all.Count(replica =>
            replica.State == ReplicaState.Online && (nowMs - replica.LastHeardMs) / 1000 <= lagMaxSeconds);
        _raised.Set(Concern.GoodReplicas, GoodCount < wanted);
    }

    void ISessionPart.Reset(Session session) => _options.Put(session, null);

    void ISessionPart.End(Session session)
    {
        _options.Put(session, null);
        if (_slot.Of(session) is not { } replica)
        {
            return;
        }
        _slot.Put(session, null);
        _all.Remove(replica);
        replica.IsGone = true;
        replica.Feed.Close();
        _sentBytesOfGone += replica.SentBytes;
        LastLeftMs = NowMs;
        if (replica.Feed.Cursor is { } cursor)
        {
            if (cursor.IsTooFarBehind || cursor.PendingCount > StreamLog.BacklogMax(_settings.BacklogSize.Value))
            {
                Pauses.NoteGivenUp(replica.Name);
            }
            _stream.Forget(cursor);
        }
        _log.Write(LogLevel.Notice, $"Connection with replica {replica.Name} lost.");
        CountGood();
    }

    void ISessionPart.Describe(ClientText text) =>
        text.AddFlag('S', static session => session.Has(SessionFlags.Replica) && !session.Has(SessionFlags.Monitor));

    /// <summary>The client is a replica from now on.</summary>
    internal void Add(Replica replica)
    {
        Session session = replica.Session;
        session.Set(SessionFlags.Replica, true);
        _slot.Put(session, replica);
        _all.Add(replica);
        if (_settings.BundlesPackets.Value)
        {
            session.Link.BundlePackets();
        }
        session.Link.SendFrom(replica.Feed);
        Joined?.Invoke(session);
    }

    /// <summary>Notes how far the replica's connection is by now; disconnects one that has what it wants, or cannot get it.</summary>
    internal void Note(Replica replica)
    {
        ReplicaFeed feed = replica.Feed;
        if (replica.State == ReplicaState.Online && feed.Problem is { } reason)
        {
            _log.Write(LogLevel.Warning, $"Disconnecting replica {replica.Name}: {reason}");
            replica.Session.Cut();
        }
        if (replica.State != ReplicaState.Receiving)
        {
            return;
        }
        if (feed.IsTransferred && !replica.IsTransferred)
        {
            replica.IsTransferred = true;
            replica.OnlineMs = NowMs;
        }
        if (feed.Problem is { } problem)
        {
            _log.Write(LogLevel.Warning, $"Full synchronization with replica {replica.Name} failed: {problem}");
            replica.Session.Cut();
        }
        else if (feed.IsTransferred && replica.Options.WantsSnapshotOnly)
        {
            _log.Write(
                LogLevel.Notice, $"RDB transfer completed, rdb only replica ({replica.Name}) should be disconnected asap");
            replica.Session.Close();
        }
        else if (feed.IsStreaming)
        {
            replica.State = ReplicaState.Online;
            _log.Write(LogLevel.Notice, $"Synchronization with replica {replica.Name} succeeded");
            CountGood();
        }
    }

    private int CountOnline(long end, Func<Replica, long> reached)
    {
        int count = 0;
        foreach (Replica replica in _all)
        {
            count += replica.State == ReplicaState.Online && reached(replica) >= end ? 1 : 0;
        }
        return count;
    }

    private void TellReaders()
    {
        foreach (Replica replica in _all)
        {
            replica.Session.Link.NoteSource();
        }
    }
}
