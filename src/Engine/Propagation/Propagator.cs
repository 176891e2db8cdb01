using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Engine.Propagation;

/// <summary>
/// Tells the sinks how to repeat what commands changed. Every command runs between Enter and Leave, so nothing escapes:
/// <code>
///   CommandRunner ── Enter, handler, Leave ──┬ ChangeFeed: has it changed anything?
///                                            └ Effects: does it say how to repeat it?
///   expiry, eviction ── OnChange: DEL, OnFieldDue: HDEL             ── PropagationBatch ── sinks, when the outermost command is over
/// </code>
/// Without a sink it costs one branch for each command.
/// </summary>
public sealed class Propagator : IChangeSubscriber, IDisposable
{
    private const int StepSizeInitial = 1024;

    private readonly ChangeFeed _changes;
    private readonly KeyAccess _keys;
    private readonly PropagationBatch _batch;
    private IPropagationSink[] _sinks = [];
    private IPropagationSink? _stream;
    private PropagationTargets _listening;
    private PropagationTargets _wanted = PropagationTargets.All;
    private int _depth;

    /// <param name="changes">Tells what changed.</param>
    /// <param name="keys">Tells which fields of hashes are due.</param>
    /// <param name="heap">Pays for the requests of a batch.</param>
    public Propagator(ChangeFeed changes, KeyAccess keys, Heap heap)
    {
        _changes = changes;
        _keys = keys;
        _batch = new PropagationBatch(new NativeBuffer(heap, StepSizeInitial));
        Effects = new Effects(_batch);
    }

    /// <summary>Where the running command says what repeats it.</summary>
    public Effects Effects { get; }

    /// <summary>From the next command on the sink is told of every change.</summary>
    public void Attach(IPropagationSink sink)
    {
        if (_sinks.Length == 0)
        {
            _changes.Subscribe(this);
            _keys.FieldDue = OnFieldDue;
            _keys.HashDue = Delete;
        }
        _sinks = sink.Targets == PropagationTargets.Replicas ? [.. _sinks, sink] : [sink, .. _sinks];
        NoteSinks();
    }

    /// <summary>The sink is told of nothing more.</summary>
    public void Detach(IPropagationSink sink)
    {
        _sinks = [.. _sinks.Where(each => each != sink)];
        NoteSinks();
        if (_sinks.Length == 0)
        {
            _changes.Unsubscribe(this);
            _keys.FieldDue = null;
            _keys.HashDue = null;
        }
    }

    /// <summary>How often requests were handed over to the sinks: it rises with every change that they are told of.</summary>
    internal long HandedOverCount { get; private set; }

    /// <summary>A command is not over.</summary>
    internal bool IsWithinCommand => _depth > 0;

    /// <summary>Somebody wants to know of changes.</summary>
    public bool IsOn => _listening != PropagationTargets.None;

    /// <summary>A transaction has made changes of which nobody was told yet.</summary>
    public bool HasUntold => !_batch.IsEmpty;

    /// <summary>The position that the stream to replicas has reached; 0 without one.</summary>
    internal long StreamEnd => _stream?.End ?? 0;

    /// <summary>A command begins, whose client uses this database; the result is for <see cref="Leave"/>.</summary>
    internal CommandScope Enter(int database)
    {
        _depth++;
        return new CommandScope(Effects.Enter(database), _changes.DirtyCount);
    }

    /// <summary>
    /// The command is over. Where it may be repeated and has changed something, it is told as it said itself, or else as it was sent. Keys
    /// that it has come across, and that were due, may go one by one.
    /// </summary>
    internal void Leave(in CommandScope scope, bool mayRepeat, ReadOnlySpan<Argument> arguments, bool staysTogether = true)
    {
        _depth--;
        Effects.Leave(scope.Outer, mayRepeat && _changes.DirtyCount != scope.DirtyCount, arguments);
        HandOver(staysTogether);
    }

    /// <summary>Of those who listen, these are told of what follows; returns who was to be before.</summary>
    internal PropagationTargets Direct(PropagationTargets targets)
    {
        PropagationTargets before = _wanted;
        _wanted = targets;
        Effects.Targets = _wanted & _listening;
        return before;
    }

    public void OnChange(in KeyChange change)
    {
        if (change.EventClass is KeyEventClass.Expired or KeyEventClass.Evicted)
        {
            Delete(change.Database, change.Key);
        }
    }

    private void Delete(Database database, ReadOnlySpan<byte> key)
    {
        _batch.Begin(database.Number, PropagationTargets.All, argumentCount: 2);
        _batch.Add("DEL"u8);
        _batch.Add(key);
        HandOver();
    }

    /// <summary>A hash whose last field is due goes with that field, without being told.</summary>
    private void OnFieldDue(Database database, ReadOnlySpan<byte> key, ReadOnlySpan<byte> field)
    {
        _batch.Begin(database.Number, PropagationTargets.All, argumentCount: 3);
        _batch.Add("HDEL"u8);
        _batch.Add(key);
        _batch.Add(field);
        HandOver();
    }

    public void OnContentReplaced(Database database)
    {
    }

    public void Dispose() => _batch.Dispose();

    private void NoteSinks()
    {
        _listening = PropagationTargets.None;
        _stream = null;
        foreach (IPropagationSink sink in _sinks)
        {
            _listening |= sink.Targets;
            _stream = sink.Targets == PropagationTargets.Replicas ? sink : _stream;
        }
        Effects.Targets = _wanted & _listening;
    }

    private void HandOver(bool staysTogether = true)
    {
        bool hasHandedOver = _depth == 0 ? _batch.TryHandOver(_sinks, staysTogether) : _batch.TryHandOverPart(_sinks);
        HandedOverCount += hasHandedOver ? 1 : 0;
    }

    /// <summary>The state before a command began.</summary>
    internal readonly record struct CommandScope(Effects.Scope Outer, long DirtyCount);
}
