using System.Text;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Platform;
using Bixbite.Types;

namespace Bixbite.Replication.Following;

/// <summary>
/// The keys of a replica to which its own clients have given a deadline (<c>replica-read-only no</c>). Their primary does not know of it,
/// so this server removes them in time, unlike all others. Under the execution lock.
/// </summary>
internal sealed class LocalDeadlines : IChangeSubscriber
{
    private const int PeriodMs = 100;
    private const long SliceUs = 1000;

    /// <summary>Bytes of a key here beside its name, estimated.</summary>
    private const int SizeBase = 100;

    private readonly Databases _databases;
    private readonly KeyAccess _access;
    private readonly ServerRole _role;
    private readonly CommandTime _time;
    private readonly IClock _clock;
    private readonly HashSet<LocalKey> _keys = [];
    private readonly Queue<LocalKey> _order = [];

    /// <param name="databases">Where the keys are.</param>
    /// <param name="access">Removes them.</param>
    /// <param name="role">Tells whether this is a replica.</param>
    /// <param name="time">Tells the time when keys are removed.</param>
    /// <param name="clock">Tells it the time.</param>
    public LocalDeadlines(Databases databases, KeyAccess access, ServerRole role, CommandTime time, IClock clock)
    {
        _databases = databases;
        _access = access;
        _role = role;
        _time = time;
        _clock = clock;
        role.Changed += Forget;
    }

    /// <summary>The primary's requests run now.</summary>
    public bool IsPrimarys { get; set; }

    /// <summary>The keys that it looks after.</summary>
    public int Count => _keys.Count;

    /// <summary>Bytes that it holds, estimated.</summary>
    public long Bytes { get; private set; }

    public void OnChange(in KeyChange change)
    {
        if (!_role.IsReplica || IsPrimarys || change.EventClass != KeyEventClass.Generic || !MayGiveDeadline(change.Name)
            || change.Database.Find(change.Key) is not { Exists: true } at || !at.Record.HasDeadline)
        {
            return;
        }
        var key = new LocalKey(change.Database.Number, Encoding.Latin1.GetString(change.Key));
        if (_keys.Add(key))
        {
            _order.Enqueue(key);
            Bytes += SizeBase + key.Name.Length;
        }
    }

    /// <summary>They are gone; keys of the same names are the primary's.</summary>
    public void OnContentReplaced(Database database)
    {
        for (int left = _order.Count; left > 0; left--)
        {
            LocalKey key = _order.Dequeue();
            if (key.Database == database.Number)
            {
                Drop(key);
            }
            else
            {
                _order.Enqueue(key);
            }
        }
    }

    /// <summary>Removes keys that are due; returns the milliseconds until the next look.</summary>
    public long Run()
    {
        if (_order.Count == 0)
        {
            return CronTask.Never;
        }
        _time.Set(_clock.UnixMs);
        Func<bool> isSliceOver = CronTask.SliceOf(_clock, SliceUs);
        for (int left = _order.Count; left > 0 && !isSliceOver(); left--)
        {
            LocalKey key = _order.Dequeue();
            if (IsAwaited(key))
            {
                _order.Enqueue(key);
            }
            else
            {
                Drop(key);
            }
        }
        return PeriodMs;
    }

    /// <summary>Whoever changes a key's deadline says so by one of these events, or does not give any.</summary>
    private static bool MayGiveDeadline(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("expire"u8) || name.SequenceEqual("restore"u8) || name.SequenceEqual("copy_to"u8)
        || name.SequenceEqual("rename_to"u8) || name.SequenceEqual("move_to"u8);

    /// <summary>Removes the key if it is due; true if it has a deadline still.</summary>
    private bool IsAwaited(LocalKey key)
    {
        Database database = _databases[key.Database];
        KeyRef at = database.Find(Encoding.Latin1.GetBytes(key.Name));
        if (!at.Exists || !at.Record.HasDeadline)
        {
            return false;
        }
        if (at.Record.DeadlineMs >= _time.UnixMs)
        {
            return true;
        }
        _access.Expire(database, ref at);
        return false;
    }

    private void Drop(LocalKey key)
    {
        _keys.Remove(key);
        Bytes -= SizeBase + key.Name.Length;
    }

    /// <summary>A primary looks after all keys, and a replica of another primary has none of these.</summary>
    private void Forget()
    {
        _keys.Clear();
        _order.Clear();
        Bytes = 0;
    }

    private readonly record struct LocalKey(int Database, string Name);
}
