using System.Diagnostics.CodeAnalysis;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Replication.History;

namespace Bixbite.Replication.Streaming;

/// <summary>
/// The stream of requests to replicas, and the part of it that is kept: one copy, however many read it. It exists from the first replica
/// on, until nobody has wanted it for long. Under the execution lock; docs/REPLICATION.md draws it.
/// <code>
///   Append, Continue, Ping ── ByteLog ── EndTurn: published, readers are told ── each replica's connection reads at its own pace
/// </code>
/// </summary>
public sealed class ReplicationStream : IPropagationSink, IDisposable
{
    private const int NoDatabase = -1;
    private const int BlockSizeMin = 1024;
    private const int BlockSizeMax = 256 * 1024;

    /// <summary>A backlog is so many blocks at least, so that it is not much larger than it was asked to be.</summary>
    private const int BlockCountMin = 16;

    private readonly Propagator _propagator;
    private readonly ReplicationHistory _history;
    private readonly ReplicationSettings _settings;
    private readonly RaisedConcerns _raised;
    private readonly ServerLog _serverLog;
    private Heap? _heap;
    private ByteLog? _log;
    private long _endBefore;
    private int _database = NoDatabase;
    private bool _isAckWanted;
    private long _asideStart;
    private long _asideEnd = -1;

    /// <param name="propagator">Hands over what repeats a change.</param>
    /// <param name="history">Begins with the stream, and ends with it.</param>
    /// <param name="settings">How much is kept.</param>
    /// <param name="raised">Whether a command is half done.</param>
    /// <param name="serverLog">Told of its beginning and end.</param>
    public ReplicationStream(
        Propagator propagator, ReplicationHistory history, ReplicationSettings settings, RaisedConcerns raised, ServerLog serverLog)
    {
        _propagator = propagator;
        _history = history;
        _settings = settings;
        _raised = raised;
        _serverLog = serverLog;
    }

    /// <summary>Called when there is more to read, at the end of a turn.</summary>
    public Action? Published { get; set; }

    /// <summary>Somebody waits for replicas, be there any or not: it does not end.</summary>
    public bool IsWanted { get; set; }

    /// <summary>It exists: what changes is told.</summary>
    public bool IsOn => _log is not null;

    PropagationTargets IPropagationSink.Targets => PropagationTargets.Replicas;

    /// <summary>The position behind all that was told so far.</summary>
    public long End => _log?.End ?? _endBefore;

    /// <summary>The same without what follows the last change only to hear of replicas: pings, and requests to acknowledge.</summary>
    public long ChangedEnd => End == _asideEnd ? _asideStart : End;

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

    /// <summary>Begins a stream, and with it a history, unless there is one.</summary>
    public void Begin()
    {
        if (_log is not null)
        {
            return;
        }
        _history.Begin();
        _heap = new Heap();
        int blockSize = (int)Math.Clamp(_settings.BacklogSize.Value / BlockCountMin, BlockSizeMin, BlockSizeMax);
        _log = new ByteLog(_heap, blockSize, _endBefore);
        _database = NoDatabase;
        _propagator.Attach(this);
        _serverLog.Write(
            LogLevel.Notice,
            $"Replication backlog created, my new replication IDs are '{_history.Id}' and '{_history.SecondId}'");
    }

    /// <summary>Ends the stream, which nobody reads; what changes from now on belongs to another history.</summary>
    public void Stop()
    {
        if (_log is null)
        {
            return;
        }
        _propagator.Detach(this);
        _endBefore = _log.End;
        Dispose();
        _history.Begin();
    }

    void IPropagationSink.Append(int database, ReadOnlySpan<byte> request)
    {
        if (database >= 0 && database != _database)
        {
            Select(database);
        }
        _log!.Append(request);
    }

    void IPropagationSink.Continue(ReadOnlySpan<byte> bytes) => _log!.Append(bytes);

    /// <summary>Tells replicas that there is somebody.</summary>
    public void Ping()
    {
        if (IsOn)
        {
            AppendAside("*1\r\n$4\r\nPING\r\n"u8);
        }
    }

    /// <summary>Asks replicas at the end of the turn how far they are.</summary>
    public void AskForAcknowledgements() => _isAckWanted = IsOn;

    /// <summary>The next request says its database, since somebody begins to read there who does not know it.</summary>
    public void ForgetDatabase() => _database = NoDatabase;

    /// <summary>A reader of what follows a position; false if that is not kept, or has not come yet.</summary>
    public bool TryReadFrom(long position, [NotNullWhen(true)] out ByteLogReader? reader)
    {
        reader = _log is { } log && position >= log.Start && position <= log.End ? log.ReadFrom(position) : null;
        return reader is not null;
    }

    /// <summary>The reader reads no more.</summary>
    public void Forget(ByteLogReader reader) => _log?.Forget(reader);

    /// <summary>The turn is over: readers see what it has told.</summary>
    public void EndTurn()
    {
        if (_log is not { } log)
        {
            return;
        }
        if (_isAckWanted && !_raised.Has(Concern.Busy))
        {
            _isAckWanted = false;
            AppendAside("*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n"u8);
        }
        if (log.End != log.PublishedEnd)
        {
            log.Publish();
            log.Trim(_settings.BacklogSize.Value);
            Published?.Invoke();
        }
    }

    public void Dispose()
    {
        _log?.Dispose();
        _heap?.Dispose();
        _log = null;
        _heap = null;
    }

    private void AppendAside(ReadOnlySpan<byte> request)
    {
        _asideStart = ChangedEnd;
        _log!.Append(request);
        _asideEnd = End;
    }

    private void Select(int database)
    {
        Span<byte> request = stackalloc byte[RequestFormat.SelectSizeMax];
        _log!.Append(request[..RequestFormat.WriteSelect(request, database)]);
        _database = database;
    }
}
