using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Keyspace;

/// <summary>
/// The one way by which commands reach keys. It removes what is due, counts hits and misses and winds the access clock,
/// so that no command can forget to.
/// </summary>
public sealed class KeyAccess
{
    private readonly CommandTime _time;
    private readonly AccessClock _clock;
    private readonly KeyspaceStatistics _statistics;
    private readonly IKeyChanges _changes;

    public KeyAccess(CommandTime time, AccessClock clock, KeyspaceStatistics statistics, IKeyChanges changes)
    {
        _time = time;
        _clock = clock;
        _statistics = statistics;
        _changes = changes;
    }

    /// <summary>Told of a key that a command wanted to read and that does not exist; null if nobody wants to know.</summary>
    public MissHandler? Missed { get; set; }

    /// <summary>Told of every field whose time has come, before it is removed; null if nobody wants to know.</summary>
    public DueFieldHandler? FieldDue { get; set; }

    /// <summary>Says whether so many bytes may be added to the data.</summary>
    public Func<long, bool> HasRoom { get; set; } = static _ => true;

    /// <summary>The key for reading its value: counted as hit or miss, and used now.</summary>
    public KeyRef Read(Database database, ReadOnlySpan<byte> key, AccessMode mode = default)
    {
        KeyRef at = Count(database, key, FindLive(database, key, mode));
        Touch(at, mode);
        return at;
    }

    /// <summary>The key for looking at it from outside (TTL, TYPE, EXISTS): counted, but not used.</summary>
    public KeyRef Inspect(Database database, ReadOnlySpan<byte> key, AccessMode mode = default) =>
        Count(database, key, FindLive(database, key, mode));

    /// <summary>The key for changing it: used now, not counted.</summary>
    public KeyRef Write(Database database, ReadOnlySpan<byte> key, AccessMode mode = default)
    {
        KeyRef at = FindLive(database, key, mode);
        Touch(at, mode);
        return at;
    }

    /// <summary>The key without counting or using it (OBJECT, DEBUG, MEMORY USAGE).</summary>
    public KeyRef Peek(Database database, ReadOnlySpan<byte> key, AccessMode mode = default) => FindLive(database, key, mode);

    /// <summary>Whether the record is due; commands that come across records themselves (SCAN, KEYS, RANDOMKEY) must ask.</summary>
    public bool IsDue(Record record, AccessMode mode = default) =>
        record.HasDeadline && record.DeadlineMs < _time.UnixMs && mode.Expiry != ExpiryMode.Ignore;

    /// <summary>Removes a key whose time has come and tells it.</summary>
    public void Expire(Database database, ref KeyRef at)
    {
        Record record = database.Detach(ref at);
        _statistics.Expired++;
        _changes.Publish(new KeyChange(database, record.Key, KeyEventClass.Expired, "expired"u8));
        database.Free(record);
    }

    /// <summary>
    /// Removes the key if its time has come, or up to so many of its fields whose time has come, and tells it; the key goes with its last
    /// field. True if more fields are due.
    /// </summary>
    public bool ExpireSome(Database database, ref KeyRef at, int fieldCountMax)
    {
        Record record = at.Record;
        if (IsDue(record))
        {
            Expire(database, ref at);
            return false;
        }
        if (!HasDueFields(record))
        {
            return false;
        }
        ValueSlot value = database.Edit(at);
        var dueFields = new DueFields(FieldDue, database, at.Record);
        int removed = FieldDeadlines.RemoveDue(value, _time.UnixMs, fieldCountMax, dueFields);
        _statistics.ExpiredFields += removed;
        bool isEmpty = HashValue.IsEmptyAt(at.Record.ValueAddress);
        if (!isEmpty)
        {
            database.NoteFieldDeadlines(at);
        }
        if (removed > 0)
        {
            _changes.Publish(new KeyChange(database, at.Record.Key, KeyEventClass.Hash, "hexpired"u8));
        }
        if (isEmpty)
        {
            record = database.Detach(ref at);
            _changes.Publish(new KeyChange(database, record.Key, KeyEventClass.Generic, "del"u8));
            database.Free(record);
            return false;
        }
        return HasDueFields(at.Record);
    }

    private bool HasDueFields(Record record) =>
        record.HasFieldDeadlines && FieldDeadlines.NextMsAt(record.ValueAddress) < _time.UnixMs;

    private KeyRef FindLive(Database database, ReadOnlySpan<byte> key, AccessMode mode)
    {
        KeyRef at = database.Find(key);
        if (at.Exists && at.Record.HasAnyDeadline && mode.Expiry != ExpiryMode.Ignore)
        {
            if (mode.Expiry == ExpiryMode.Hide)
            {
                return IsDue(at.Record, mode) ? new KeyRef(at.Hash, default) : at;
            }
            ExpireSome(database, ref at, int.MaxValue);
            if (!at.Exists)
            {
                at = database.Find(key);
            }
        }
        return at;
    }

    private KeyRef Count(Database database, ReadOnlySpan<byte> key, KeyRef at)
    {
        if (at.Exists)
        {
            _statistics.Hits++;
        }
        else
        {
            _statistics.Misses++;
            Missed?.Invoke(database, key);
        }
        return at;
    }

    private void Touch(in KeyRef at, AccessMode mode)
    {
        if (at.Exists && !mode.IsQuiet)
        {
            Record record = at.Record;
            record.Access = _clock.Touched(record.Access);
        }
    }
}
