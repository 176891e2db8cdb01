using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Memory;

namespace Bixbite.Engine.Propagation;

/// <summary>
/// Calls the handlers of commands and tells the sinks how to repeat what they changed. Every command passes here, so nothing escapes:
/// <code>
///   CommandRunner ── Invoke ── handler ──┬ ChangeFeed: has it changed anything?
///                                        └ Effects: does it say how to repeat it?
///   expiry, eviction ── OnChange: DEL, OnFieldDue: HDEL             ── PropagationBatch ── sinks, when the outermost command is over
/// </code>
/// A command that is no write is never repeated, whatever it counted as changed (DEBUG LOADAOF). Without a sink it costs one branch for
/// each command.
/// </summary>
public sealed class Propagator : IChangeSubscriber, IDisposable
{
    private const int StepSizeInitial = 1024;

    private readonly ChangeFeed _changes;
    private readonly KeyAccess _keys;
    private readonly PropagationBatch _batch;
    private IPropagationSink[] _sinks = [];
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
        _sinks = [.. _sinks, sink];
        Effects.IsWanted = true;
    }

    /// <summary>The sink is told of nothing more.</summary>
    public void Detach(IPropagationSink sink)
    {
        _sinks = [.. _sinks.Where(each => each != sink)];
        if (_sinks.Length == 0)
        {
            _changes.Unsubscribe(this);
            _keys.FieldDue = null;
            _keys.HashDue = null;
            Effects.IsWanted = false;
        }
    }

    /// <summary>Calls the handler of the context's command.</summary>
    public void Invoke(CommandContext context)
    {
        if (!Effects.IsWanted)
        {
            context.Command.Handler(context);
        }
        else if (context.Origin.IsPropagated)
        {
            Record(context);
        }
        else
        {
            // Nobody is told of what a log repeats: whoever keeps the log has it already.
            Effects.IsWanted = false;
            context.Command.Handler(context);
            Effects.IsWanted = true;
        }
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
        _batch.Begin(database.Number, argumentCount: 2);
        _batch.Add("DEL"u8);
        _batch.Add(key);
        HandOver();
    }

    /// <summary>A hash whose last field is due goes with that field, without being told.</summary>
    private void OnFieldDue(Database database, ReadOnlySpan<byte> key, ReadOnlySpan<byte> field)
    {
        _batch.Begin(database.Number, argumentCount: 3);
        _batch.Add("HDEL"u8);
        _batch.Add(key);
        _batch.Add(field);
        HandOver();
    }

    public void OnContentReplaced(Database database)
    {
    }

    public void Dispose() => _batch.Dispose();

    private void Record(CommandContext context)
    {
        Effects.Scope outer = Effects.Enter(context.Database.Number);
        long dirtyCount = _changes.DirtyCount;
        _depth++;
        context.Command.Handler(context);
        _depth--;
        bool mayRepeat = context.Command.Has(CommandFlags.Write | CommandFlags.MayReplicate);
        Effects.Leave(outer, mayRepeat && _changes.DirtyCount != dirtyCount, context.Arguments);
        HandOver();
    }

    private void HandOver()
    {
        if (_depth == 0)
        {
            _batch.HandOver(_sinks);
        }
        else
        {
            _batch.HandOverPart(_sinks);
        }
    }
}
