using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Platform;
using Bixbite.Replication.Links;
using Bixbite.Types;

namespace Bixbite.Replication.Migration;

/// <summary>
/// The migrations under way and the connections to targets, which are kept for ten seconds, as in Redis. Under the execution lock.
/// <code>
///   MIGRATE ── Begin ── a connection ── AUTH, SELECT, RESTORE ... ── replies ── Finish ── MIGRATE again: DEL what is restored
///      └ writers of its keys wait (MigrationGate) ──────────────────────────────┘
/// </code>
/// What changes a key without asking the gate, as a command does that had waited for another key, is noted: that key stays.
/// </summary>
public sealed class Migrations : IChangeSubscriber
{
    private const int ConnectionCountMax = 64;
    private const long KeptMs = 10_000;
    private const long PeriodMs = 100;

    /// <summary>So often it is looked whether keys may go.</summary>
    private const long WaitingPeriodMs = 10;

    private readonly List<KeyMigration> _active = [];
    private readonly List<TargetConnection> _connections = [];
    private readonly List<KeyPosition> _found = [];

    /// <summary>Whose keys are there, and are to go from here.</summary>
    private readonly Queue<MigrationWait> _finished = [];

    private readonly ChangeFeed _changes;
    private readonly RaisedConcerns _raised;
    private readonly WaitReruns _reruns;
    private readonly IWritePause _pause;
    private readonly CronAlarm _alarm;
    private readonly IClock _clock;

    /// <param name="changes">Tells which keys change all the same.</param>
    /// <param name="raised">Where it raises that some have to wait.</param>
    /// <param name="reruns">Has MIGRATE go on when its keys are there.</param>
    /// <param name="pause">While it lasts no key goes from here.</param>
    /// <param name="alarm">Has the command go on that holds up all others.</param>
    /// <param name="clock">Tells how long a target is silent.</param>
    public Migrations(
        ChangeFeed changes, RaisedConcerns raised, WaitReruns reruns, IWritePause pause, CronAlarm alarm, IClock clock)
    {
        _changes = changes;
        _raised = raised;
        _reruns = reruns;
        _pause = pause;
        _alarm = alarm;
        _clock = clock;
    }

    /// <summary>Makes connections.</summary>
    public IPeerLinks? Links { get; set; }

    /// <summary>Told when keys need not be waited for any longer.</summary>
    public Action? Freed { get; set; }

    /// <summary>Connections that are kept or in use.</summary>
    public int ConnectionCount => _connections.Count;

    internal long NowMs => _clock.MonotonicUs / 1000;

    /// <summary>
    /// The context's command waits until the target has the keys, which are on their way from now on: alone, or, within a transaction or a
    /// script, with everybody else. Where neither may be, that is answered.
    /// </summary>
    /// <param name="context">That of MIGRATE.</param>
    /// <param name="migration">The keys.</param>
    /// <param name="complete">Called at the end in the command's context, but not where only its client waits: MIGRATE runs again.</param>
    public void Begin(CommandContext context, KeyMigration migration, Action<CommandContext, KeyMigration> complete)
    {
        if (!context.MayBlock && context.Origin.MayTakeLong)
        {
            migration.Ended = () =>
            {
                Leave(migration);
                _alarm.RingWithin(0);
            };
            context.Suspend(new LongMigration(context.Session, this, migration, complete));
            Begin(migration);
            return;
        }
        var wait = new MigrationWait(context.Session, this, migration);
        migration.Ended = () =>
        {
            _finished.Enqueue(wait);
            Complete();
        };
        if (context.Suspend(wait))
        {
            Begin(migration);
        }
        else
        {
            migration.Requests.Clear();
        }
    }

    private void Begin(KeyMigration migration)
    {
        if (_active.Count == 0)
        {
            _changes.Subscribe(this);
        }
        _active.Add(migration);
        Raise();
        Connect(migration);
    }

    /// <summary>Ends what is silent for too long, and connections that nobody uses; returns the milliseconds until the next look.</summary>
    public long Run()
    {
        long nowMs = NowMs;
        Complete();
        for (int i = _connections.Count - 1; i >= 0; i--)
        {
            TargetConnection connection = _connections[i];
            if (connection.Migration is { } migration)
            {
                if (connection.IsOpen && nowMs - migration.ProgressMs > migration.Target.TimeoutMs)
                {
                    bool isUnsent = connection.HasUnsent;
                    connection.Drop();
                    _connections.RemoveAt(i);
                    Fail(migration, isUnsent ? MigrationEnd.NotWritten : MigrationEnd.NotRead, mayRepeat: false);
                }
            }
            else if (nowMs - connection.UsedMs > KeptMs)
            {
                connection.Drop();
                _connections.RemoveAt(i);
            }
        }
        return _finished.Count > 0 ? WaitingPeriodMs : _connections.Count > 0 ? PeriodMs : CronTask.Never;
    }

    /// <summary>Whether the request may change a key that is on its way.</summary>
    public bool Concerns(CommandContext context)
    {
        if (context.Command.Has(CommandFlags.PubSub))
        {
            return false;
        }
        if (context.Command.Has(CommandFlags.RunsTransaction) || !context.Command.Keys.TellAllKeys
            || !context.Command.Keys.Find(context.Arguments, _found))
        {
            return true;
        }
        foreach (KeyPosition key in _found)
        {
            if (Find(context.Database, context.Database.HashOf(context[key.Index])) is not null)
            {
                return true;
            }
        }
        return false;
    }

    public void OnChange(in KeyChange change)
    {
        if (change.EventClass is not (KeyEventClass.Expired or KeyEventClass.Evicted)
            && Find(change.Database, change.Database.HashOf(change.Key)) is { } key)
        {
            key.HasChanged = true;
        }
    }

    public void OnContentReplaced(Database database)
    {
        foreach (KeyMigration migration in _active)
        {
            foreach (MigratedKey key in migration.Keys)
            {
                key.HasChanged = true;
            }
        }
    }

    /// <summary>Nobody waits for the target any longer: what it has not answered for stays.</summary>
    internal void GiveUp(KeyMigration migration)
    {
        if (migration.End == MigrationEnd.None)
        {
            DropConnection(migration);
            Finish(migration, MigrationEnd.NotRead);
        }
    }

    /// <summary>The migration's client is gone, or has its answer.</summary>
    internal void Abandon(KeyMigration migration)
    {
        if (Leave(migration))
        {
            DropConnection(migration);
        }
    }

    private void DropConnection(KeyMigration migration)
    {
        if (_connections.Find(connection => connection.Migration == migration) is { } connection)
        {
            connection.Drop();
            _connections.Remove(connection);
        }
    }

    /// <summary>The target has answered for all keys, or will not.</summary>
    internal void Finish(KeyMigration migration, MigrationEnd end)
    {
        migration.End = end;
        migration.Ended!();
    }

    /// <summary>Its connection has failed: it is begun once more if nothing can have come of it.</summary>
    internal void Fail(KeyMigration migration, MigrationEnd end, bool mayRepeat)
    {
        if (!mayRepeat || migration.IsRepeated || end == MigrationEnd.NotConnected || migration.AnsweredCount > 0)
        {
            Finish(migration, end);
            return;
        }
        migration.IsRepeated = true;
        Connect(migration);
    }

    /// <summary>
    /// Has MIGRATE go on where its keys are there: not while a command takes long, and not while writes are paused, since somebody else may
    /// be about to lead who would not hear of it.
    /// </summary>
    private void Complete()
    {
        while (!_raised.Has(Concern.Busy) && !_pause.IsOn && _finished.TryDequeue(out MigrationWait? wait))
        {
            if (Leave(wait.Migration))
            {
                _reruns.RunBetweenRounds(wait);
            }
        }
    }

    internal void Forget(TargetConnection connection) => _connections.Remove(connection);

    private void Connect(KeyMigration migration)
    {
        migration.ProgressMs = NowMs;
        MigrationTarget target = migration.Target;
        TargetConnection? connection = _connections.Find(each =>
            each.IsIdle && each.IsOpen && each.LeadsTo(target));
        if (connection is null)
        {
            MakeRoom();
            connection = new TargetConnection(this, target.Host, target.Port) { UsedMs = NowMs };
            _connections.Add(connection);
            connection.Begin(migration);
            connection.Connect(Links!, target.TimeoutMs);
            return;
        }
        connection.Begin(migration);
    }

    private void MakeRoom()
    {
        if (_connections.Count >= ConnectionCountMax && _connections.Find(static connection => connection.IsIdle) is { } idle)
        {
            idle.Drop();
            _connections.Remove(idle);
        }
    }

    private bool Leave(KeyMigration migration)
    {
        if (!_active.Remove(migration))
        {
            return false;
        }
        if (_active.Count == 0)
        {
            _changes.Unsubscribe(this);
        }
        Raise();
        Freed?.Invoke();
        return true;
    }

    /// <summary>Nobody waits for copies.</summary>
    private void Raise() => _raised.Set(Concern.Migration, _active.Exists(static migration => !migration.IsCopy));

    private MigratedKey? Find(Database database, ulong hash)
    {
        foreach (KeyMigration migration in _active)
        {
            if (migration.Database != database || migration.IsCopy)
            {
                continue;
            }
            foreach (MigratedKey key in migration.Keys)
            {
                if (key.Hash == hash)
                {
                    return key;
                }
            }
        }
        return null;
    }
}
