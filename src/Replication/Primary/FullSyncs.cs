using System.Globalization;
using System.Text;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Transfer;
using Bixbite.Replication.History;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Primary;

/// <summary>
/// Replicas that get all data: they wait for others, and then several get the same snapshot, each through a pipe of its own, which belongs
/// to this. Under the execution lock.
/// <code>
///   Add: waits ── Run: due, and no command half done ── one snapshot for all that want the same ── its end: pipes are freed when read
/// </code>
/// A replica for which that was in vain several times waits longer (<see cref="FullSyncPauses"/>).
/// </summary>
public sealed class FullSyncs
{
    private const int PipeSize = 256 * 1024;
    private const Concern Unready = Concern.Busy | Concern.Loading;

    private readonly SnapshotTransfers _transfers;
    private readonly ReplicationStream _stream;
    private readonly ReplicationHistory _history;
    private readonly FullSyncSettings _settings;
    private readonly ReplicationSettings _replication;
    private readonly Replicas _replicas;
    private readonly FullSyncTools _tools;
    private readonly List<Reception> _receptions = [];

    /// <param name="transfers">Make the snapshots.</param>
    /// <param name="stream">Goes on where a snapshot ends.</param>
    /// <param name="history">Its name goes with the snapshot.</param>
    /// <param name="settings">How long to wait for others.</param>
    /// <param name="replication">How long a replica may take nothing.</param>
    /// <param name="replicas">Get those that wait.</param>
    /// <param name="tools">What else it needs.</param>
    public FullSyncs(
        SnapshotTransfers transfers, ReplicationStream stream, ReplicationHistory history, FullSyncSettings settings,
        ReplicationSettings replication, Replicas replicas, FullSyncTools tools)
    {
        _transfers = transfers;
        _stream = stream;
        _history = history;
        _settings = settings;
        _replication = replication;
        _replicas = replicas;
        _tools = tools;
    }

    /// <summary>Makes the client a replica that waits for a snapshot.</summary>
    /// <param name="session">The client's.</param>
    /// <param name="isSilent">It came by SYNC.</param>
    public void Add(Session session, bool isSilent)
    {
        _stream.Begin();
        var pipe = new BytePipe(_tools.Heap, PipeSize, _replicas.OptionsOf(session).Address ?? session.Link.PeerAddress);
        var replica = new Replica(
            session, _replicas.OptionsOf(session), ReplicaFeed.Through(pipe, session.Link), _replicas.NowMs) { IsSilent = isSilent };
        long pauseMs = _replicas.Pauses.LeftMs(replica.Name);
        _receptions.Add(new Reception(replica, pipe) { BeginMs = _replicas.NowMs + pauseMs });
        _replicas.Add(replica);
        _tools.Alarm.RingWithin(0);
        if (pauseMs > 0)
        {
            NotePause(replica, pauseMs);
        }
        else if (FormFor(replica) == TransferForm.Marked && _settings.DisklessDelaySeconds.Value > 0)
        {
            _tools.Log.Write(LogLevel.Notice, "Delay next BGSAVE for diskless SYNC");
        }
    }

    /// <summary>Begins what is due; returns the milliseconds until something may be.</summary>
    public long Run()
    {
        Collect();
        long nowMs = _replicas.NowMs;
        long pausedMs = CronTask.Never;
        foreach (Reception reception in _receptions)
        {
            pausedMs = reception.IsWaiting && reception.BeginMs > nowMs ? Math.Min(pausedMs, reception.BeginMs - nowMs) : pausedMs;
        }
        return Math.Min(pausedMs, BeginDue(nowMs));
    }

    /// <summary>Begins what is due of those that are not to wait longer than others.</summary>
    private long BeginDue(long nowMs)
    {
        if (_receptions.Find(reception => reception.MayBegin(nowMs))?.Replica is not { } first)
        {
            return CronTask.Never;
        }
        TransferForm form = FormFor(first);
        List<Reception> same = _receptions.FindAll(
            reception => reception.MayBegin(nowMs) && FormFor(reception.Replica) == form
                && reception.Replica.Options.Content == first.Options.Content);
        long dueMs = form == TransferForm.Measured || IsEnough(same.Count)
            ? 0
            : first.SinceMs + (_settings.DisklessDelaySeconds.Value * 1000L) - nowMs;
        if (dueMs > 0)
        {
            return dueMs;
        }
        if ((_tools.Raised.All & Unready) == 0 && _transfers.HasRoom && _stream.IsOn)
        {
            same.RemoveAll(IsRefused);
            if (same.Count > 0)
            {
                Begin(same, form, first.Options.Content);
            }
        }
        return CronTask.Never;
    }

    /// <summary>Lets those that wait know that there is somebody.</summary>
    public void GiveSign()
    {
        foreach (Reception reception in _receptions)
        {
            if (reception.IsWaiting)
            {
                reception.Pipe.TryWrite("\n"u8);
            }
        }
    }

    /// <summary>Disconnects a replica that would not know what is in the data by now.</summary>
    private bool IsRefused(Reception reception)
    {
        Replica replica = reception.Replica;
        if (_tools.Versions.Knows(replica.Options))
        {
            return false;
        }
        _tools.Versions.NoteRefusal(replica.Name, replica.Options);
        replica.Session.Cut();
        return true;
    }

    private bool IsEnough(int count) => _settings.DisklessReplicaCountMax.Value is > 0 and var enough && count >= enough;

    private void NotePause(Replica replica, long pauseMs) => _tools.Log.Write(
        LogLevel.Warning,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Replica {replica.Name} was too far behind {_replicas.Pauses.CountOf(replica.Name)} times in a row: more is written than it "
            + $"takes. Its next full synchronization begins in {(pauseMs + 999) / 1000} seconds. ")
        + "A faster link, fewer writes, or a larger repl-backlog-disk-size would help.");

    private TransferForm FormFor(Replica replica) =>
        replica.Options.FindsMark && (_settings.IsDiskless.Value || replica.Options.IsFiltered)
            ? TransferForm.Marked
            : TransferForm.Measured;

    private void Begin(List<Reception> receptions, TransferForm form, TransferContent content)
    {
        _stream.ForgetDatabase();
        byte[] greeting = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"+FULLRESYNC {_history.Id} {_stream.End}\r\n"));
        foreach (Reception reception in receptions)
        {
            Invariant.Require(_stream.TryReadFrom(_stream.End, out StreamCursor? cursor), "the stream has an end");
            reception.IsWritten = true;
            reception.Replica.State = ReplicaState.Receiving;
            reception.Replica.Feed.BeginSnapshot(cursor!, streamsAtOnce: form == TransferForm.Measured);
            if (!reception.Replica.IsSilent)
            {
                reception.Pipe.TryWrite(greeting);
            }
        }
        string names = string.Join(", ", receptions.Select(static reception => reception.Replica.Name));
        _tools.Log.Write(
            LogLevel.Notice,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Starting BGSAVE for SYNC with target: {(form == TransferForm.Marked ? "replicas sockets" : "disk")}, for {names}, "
                + $"from byte {_stream.End} on"));
        _transfers.Begin(
            [.. receptions.Select(static reception => reception.Pipe)],
            form,
            content,
            new TransferTerms(
                () => Math.Min(_replication.TimeoutSeconds.Value, int.MaxValue / 1000) * 1000,
                () => receptions.ForEach(static reception => reception.Replica.NoteFileSent()),
                end => NoteEnd(receptions, end)));
    }

    private void NoteEnd(List<Reception> receptions, in SnapshotEnd end)
    {
        foreach (Reception reception in receptions)
        {
            reception.IsWritten = false;
        }
        if (end.Problem is { } problem)
        {
            _tools.Log.Write(LogLevel.Warning, $"Snapshot for replicas failed: {problem}");
            return;
        }
        double seconds = end.DurationMs / 1000.0;
        _tools.Log.Write(
            LogLevel.Notice,
            string.Create(CultureInfo.InvariantCulture, $"Snapshot for replicas ended: {end.Size} bytes in {seconds:0.000} seconds"));
    }

    /// <summary>Frees the pipes that nobody writes to or reads any more.</summary>
    private void Collect()
    {
        for (int i = _receptions.Count - 1; i >= 0; i--)
        {
            Reception reception = _receptions[i];
            bool isRead = reception.Replica.IsGone || reception.Replica.Feed.IsTransferred;
            if (isRead && !reception.IsWritten)
            {
                _receptions.RemoveAt(i);
                reception.Pipe.Dispose();
            }
        }
    }

    /// <summary>A replica that waits for a snapshot or gets one, and its pipe.</summary>
    private sealed class Reception(Replica replica, BytePipe pipe)
    {
        public Replica Replica => replica;

        public BytePipe Pipe => pipe;

        /// <summary>Monotonic milliseconds before which it is not to begin.</summary>
        public long BeginMs { get; init; }

        /// <summary>The job writes to the pipe.</summary>
        public bool IsWritten { get; set; }

        public bool IsWaiting => replica is { State: ReplicaState.Waiting, IsGone: false } && !replica.Session.Has(SessionFlags.Gone);

        public bool MayBegin(long nowMs) => IsWaiting && BeginMs <= nowMs;
    }
}

/// <summary>The needs of full synchronizations besides replicas.</summary>
/// <param name="Heap">Pays for the pipes.</param>
/// <param name="Raised">Whether a command is half done, or the data not there yet.</param>
/// <param name="Alarm">Has what is due begin.</param>
/// <param name="Log">Told what happens.</param>
/// <param name="Versions">Decide who gets a snapshot.</param>
public sealed record FullSyncTools(Heap Heap, RaisedConcerns Raised, CronAlarm Alarm, ServerLog Log, ReplicaVersions Versions);
