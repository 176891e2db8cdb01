using System.Diagnostics.CodeAnalysis;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Logging;
using Bixbite.Protocol;
using Bixbite.Replication.History;

namespace Bixbite.Replication.Streaming;

/// <summary>
/// The stream of requests to replicas, and the part of it that is kept: one copy, however many read it. It exists from the first replica
/// on, until nobody has wanted it for long; and as long as this server follows a primary, whose stream it is then, byte for byte. Under the
/// execution lock; docs/REPLICATION.md draws it.
/// <code>
///   a primary's: Append, Continue, Ping ─┐
///   a replica's: Repeat ─────────────────┴ StreamLog ── EndTurn: published, all are told ── each connection reads at its pace
/// </code>
/// </summary>
public sealed class ReplicationStream : IPropagationSink, IDisposable
{
    private const int NoDatabase = -1;

    private readonly Propagator _propagator;
    private readonly ReplicationHistory _history;
    private readonly ReplicationSettings _settings;
    private readonly RaisedConcerns _raised;
    private readonly AcknowledgementQuestions _questions;
    private readonly StreamTools _tools;
    private readonly List<StreamLog> _left = [];
    private StreamLog? _log;
    private long _endBefore;
    private int _database = NoDatabase;
    private long _asideStart;
    private long _asideEnd = -1;

    /// <param name="propagator">Hands over what repeats a change.</param>
    /// <param name="history">Begins with the stream, and ends with it.</param>
    /// <param name="settings">How much is kept.</param>
    /// <param name="raised">Whether a command is half done.</param>
    /// <param name="questions">When replicas are asked how far they are.</param>
    /// <param name="tools">What else it needs.</param>
    internal ReplicationStream(
        Propagator propagator, ReplicationHistory history, ReplicationSettings settings, RaisedConcerns raised,
        AcknowledgementQuestions questions, StreamTools tools)
    {
        _propagator = propagator;
        _history = history;
        _settings = settings;
        _raised = raised;
        _questions = questions;
        _tools = tools;
    }

    /// <summary>Called when there is more to read, at the end of a turn.</summary>
    public Action? Published { get; set; }

    /// <summary>Told of the requests that repeat what changes here; null while nobody wants to know.</summary>
    public IStreamObserver? Observer { get; set; }

    /// <summary>Somebody waits for replicas, be there any or not: it does not end.</summary>
    public bool IsWanted { get; set; }

    /// <summary>It exists.</summary>
    public bool IsOn => _log is not null;

    /// <summary>It tells of everything that has changed so far.</summary>
    public bool HasPlace => IsOn && !_propagator.HasUntold;

    /// <summary>It is a primary's, and nothing that changes here is told.</summary>
    public bool IsRepeating { get; private set; }

    /// <summary>The database in which the next request is told; 0 where it will say so itself.</summary>
    public int Database => Math.Max(_database, 0);

    private static ReadOnlySpan<byte> Question => "*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n"u8;

    PropagationTargets IPropagationSink.Targets => PropagationTargets.Replicas;

    /// <summary>The position behind all that was told so far.</summary>
    public long End => _log?.End ?? _endBefore;

    /// <summary>The same without what follows the last change only to hear of replicas: pings, and requests to acknowledge.</summary>
    public long ChangedEnd => End == _asideEnd ? _asideStart : End;

    /// <summary>
    /// The position that a replica acknowledges which has every byte: the answer to a question at the end is where that begins.
    /// </summary>
    public long AnsweredEnd => End == _questions.LastPosition + Question.Length ? _questions.LastPosition : End;

    /// <summary>The position of the first byte that is kept.</summary>
    public long Start => _log?.Start ?? _endBefore;

    /// <summary>Bytes that are kept.</summary>
    public long KeptSize => End - Start;

    /// <summary>Bytes of memory that it takes. Any thread.</summary>
    public long UsedBytes => _log?.UsedBytes ?? 0;

    /// <summary>Those among them that are kept for whoever comes back. Any thread.</summary>
    public long BacklogBytes => UsedBytes - ExcessBytes;

    /// <summary>Those among them that are kept for slow replicas alone. Any thread.</summary>
    public long ExcessBytes => Math.Max(UsedBytes - _settings.BacklogSize.Value, 0);

    /// <summary>Bytes that it takes on the disk.</summary>
    public long SpilledBytes => _log?.SpilledSize ?? 0;

    /// <summary>The position of the first byte that is in memory, or in the append only log's files.</summary>
    public long LoggedStart => _log?.LoggedStart ?? _endBefore;

    /// <summary>Replicas that get it from files now.</summary>
    public int AwayCount => _log?.AwayCount ?? 0;

    /// <summary>It cannot be written to files.</summary>
    public bool HasDiskFailed => _log?.HasDiskFailed ?? false;

    /// <summary>Begins a stream, and with it a history, unless there is one, or a primary's is awaited.</summary>
    public void Begin()
    {
        if (_log is not null || IsRepeating)
        {
            return;
        }
        _history.Begin();
        Keep(_endBefore);
        _propagator.Attach(this);
        _tools.Log.Write(
            LogLevel.Notice,
            $"Replication backlog created, my new replication IDs are '{_history.Id}' and '{_history.SecondId}'");
    }

    /// <summary>Goes on at the position up to which the data was loaded: who has the history before can go on as well.</summary>
    public void Resume(long position)
    {
        Keep(position);
        _propagator.Attach(this);
    }

    /// <summary>Ends the stream, which nobody reads; what changes from now on belongs to another history.</summary>
    public void Stop()
    {
        if (_log is null)
        {
            return;
        }
        _propagator.Detach(this);
        Leave();
        _history.Begin();
    }

    /// <summary>
    /// This server follows a primary: what changes here is not told any more. Within a transaction that has changed something the end tells
    /// less than there is, so nobody can go on from here, and what there is of the stream is left.
    /// </summary>
    public void BeginRepeating()
    {
        IsRepeating = true;
        _questions.Forget();
        if (_log is null)
        {
            return;
        }
        _propagator.Detach(this);
        if (_propagator.HasUntold)
        {
            Leave();
        }
    }

    /// <summary>This server follows nobody any more: what changes from now on is told.</summary>
    public void EndRepeating()
    {
        IsRepeating = false;
        _database = NoDatabase;
        _log?.BeginMap();
        if (_log is not null)
        {
            _propagator.Attach(this);
        }
        else if (IsWanted)
        {
            Begin();
        }
    }

    /// <summary>The primary's stream goes on at this position.</summary>
    public void RepeatFrom(long position)
    {
        Leave();
        Keep(position);
    }

    /// <summary>More of the primary's stream, whole requests.</summary>
    public void Repeat(ReadOnlySpan<byte> bytes) => _log!.Append(bytes);

    /// <summary>The stream ends for those who read it; what is kept goes with the last of them.</summary>
    public void Leave()
    {
        if (_log is not { } log)
        {
            return;
        }
        _endBefore = log.End;
        log.EndMap();
        _log = null;
        _left.Add(log);
        DropLeft();
    }

    void IPropagationSink.Append(int database, ReadOnlySpan<byte> request, PropagationTargets targets)
    {
        Span<byte> select = stackalloc byte[RequestFormat.SelectSizeMax];
        bool isElsewhere = database >= 0 && database != _database;
        select = isElsewhere ? select[..RequestFormat.WriteSelect(select, database)] : default;
        _database = isElsewhere ? database : _database;
        _log!.Append(select, request, (targets & PropagationTargets.Log) != PropagationTargets.None);
        Observer?.Append(request);
    }

    void IPropagationSink.Continue(ReadOnlySpan<byte> bytes)
    {
        _log!.Continue(bytes);
        Observer?.Continue(bytes.Length);
    }

    /// <summary>Tells replicas that there is somebody; where the stream is a primary's, that does.</summary>
    public void Ping()
    {
        if (IsOn && !IsRepeating)
        {
            AppendAside("*1\r\n$4\r\nPING\r\n"u8);
        }
    }

    /// <summary>Asks replicas how far they are: at the end of the turn, or when they have answered the question before.</summary>
    public void AskForAcknowledgements() => _questions.IsWanted = IsOn && !IsRepeating;

    /// <summary>The milliseconds until a question that waits for the answer to the one before is asked all the same.</summary>
    public long QuestionDueMs => _questions.DueMs;

    /// <summary>A replica has everything before this position.</summary>
    public void NoteAcknowledged(long end) => _questions.NoteAnswer(end);

    /// <summary>The next request says its database, since somebody begins to read there who does not know it.</summary>
    public void ForgetDatabase() => _database = NoDatabase;

    /// <summary>A cursor at a position; false if what follows is not kept, or has not come yet.</summary>
    public bool TryReadFrom(long position, [NotNullWhen(true)] out StreamCursor? cursor)
    {
        cursor = null;
        return _log is { } log && log.TryReadFrom(position, out cursor);
    }

    /// <summary>Nobody reads with this cursor any more.</summary>
    public void Forget(StreamCursor cursor)
    {
        _log?.Forget(cursor);
        _left.ForEach(log => log.Forget(cursor));
        DropLeft();
    }

    /// <summary>The turn is over: readers see what it has told.</summary>
    public void EndTurn()
    {
        if (_log is not { } log)
        {
            return;
        }
        if (!_raised.Has(Concern.Busy) && _questions.IsDue())
        {
            _questions.Ask(End);
            AppendAside(Question);
        }
        if (!log.IsPublished)
        {
            log.Publish();
            log.Trim();
            Published?.Invoke();
        }
    }

    /// <summary>To be called several times a second: what was waited for outside of turns may be there.</summary>
    public void Tidy()
    {
        if (_log is { NeedsTidying: true } log)
        {
            log.Trim();
        }
        foreach (StreamLog left in _left)
        {
            left.Trim();
        }
        DropLeft();
    }

    public void Dispose()
    {
        Leave();
        _left.ForEach(static log => log.Dispose());
        _left.Clear();
    }

    private void Keep(long position)
    {
        _log = new StreamLog(_settings, _tools, position);
        if (!IsRepeating)
        {
            _log.BeginMap();
        }
        _database = NoDatabase;
        _asideEnd = -1;
        _questions.Forget();
    }

    /// <summary>Frees what was left and nobody reads any more.</summary>
    private void DropLeft()
    {
        for (int i = _left.Count - 1; i >= 0; i--)
        {
            if (!_left[i].HasCursors)
            {
                _left[i].Dispose();
                _left.RemoveAt(i);
            }
        }
    }

    private void AppendAside(ReadOnlySpan<byte> request)
    {
        _asideStart = ChangedEnd;
        _log!.AppendOwn(request);
        _asideEnd = End;
    }
}
