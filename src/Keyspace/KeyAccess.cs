using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Keyspace;

/// <summary>
/// The one way by which commands reach keys. It removes what is due, counts hits and misses and winds the access clock,
/// so that no command can forget to.
/// </summary>
public sealed class KeyAccess
{
    /// <summary>The most fields that an access removes from a large hash; those further due are hidden.</summary>
    private const int FieldsPerAccess = 64;

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

    /// <summary>Told of a hash that is removed with due fields that nobody was told of; null if nobody wants to know.</summary>
    public DueHashHandler? HashDue { get; set; }

    /// <summary>Says whether so many bytes may be added to the data.</summary>
    public Func<long, bool> HasRoom { get; set; } = static _ => true;

    /// <summary>The key for reading its value: counted as hit or miss, and used now.</summary>
    public KeyRef Read(Database database, ReadOnlySpan<byte> key, AccessMode mode = default) =>
        Read(database, database.HashOf(key), key, mode);

    /// <summary>The same for who knows the key's hash already.</summary>
    public KeyRef Read(Database database, ulong hash, ReadOnlySpan<byte> key, AccessMode mode)
    {
        KeyRef at = Count(database, key, FindLive(database, hash, key, mode));
        Touch(at, mode);
        return at;
    }

    /// <summary>The key for looking at it from outside (TTL, TYPE, EXISTS): counted, but not used.</summary>
    public KeyRef Inspect(Database database, ReadOnlySpan<byte> key, AccessMode mode = default) =>
        Inspect(database, database.HashOf(key), key, mode);

    /// <summary>The same for who knows the key's hash already.</summary>
    public KeyRef Inspect(Database database, ulong hash, ReadOnlySpan<byte> key, AccessMode mode) =>
        Count(database, key, FindLive(database, hash, key, mode));

    /// <summary>The key for changing it: used now, not counted.</summary>
    public KeyRef Write(Database database, ReadOnlySpan<byte> key, AccessMode mode = default) =>
        Write(database, database.HashOf(key), key, mode);

    /// <summary>The same for who knows the key's hash already.</summary>
    public KeyRef Write(Database database, ulong hash, ReadOnlySpan<byte> key, AccessMode mode)
    {
        KeyRef at = FindLive(database, hash, key, mode);
        Touch(at, mode);
        return at;
    }

    /// <summary>The key without counting or using it (OBJECT, DEBUG, MEMORY USAGE).</summary>
    public KeyRef Peek(Database database, ReadOnlySpan<byte> key, AccessMode mode = default) =>
        FindLive(database, database.HashOf(key), key, mode);

    /// <summary>
    /// Whether the record is due, or every field of it; commands that come across records themselves (SCAN, KEYS, RANDOMKEY) must ask.
    /// </summary>
    public bool IsDue(Database database, Record record, AccessMode mode = default) =>
        record.HasAnyDeadline && mode.Expiry != ExpiryMode.Ignore
        && (IsPast(record) || database.AreAllFieldsBefore(record, _time.UnixMs));

    /// <summary>Removes a key whose time has come, or that of all its fields, and tells it.</summary>
    public void Expire(Database database, ref KeyRef at)
    {
        if (!IsPast(at.Record))
        {
            ExpireFields(database, ref at, FieldsPerAccess);
            return;
        }
        Record record = database.Detach(ref at);
        _statistics.Expired++;
        _changes.Publish(new KeyChange(database, record.Key, KeyEventClass.Expired, "expired"u8));
        database.Free(record);
    }

    /// <summary>
    /// Removes the key if its time has come, or up to so many of its fields whose time has come, and tells it; the key goes with its last
    /// field. True if more fields are due, which are hidden then.
    /// </summary>
    public bool ExpireSome(Database database, ref KeyRef at, int fieldCountMax)
    {
        Record record = at.Record;
        if (IsPast(record))
        {
            Expire(database, ref at);
            return false;
        }
        return HasDueFields(record) && ExpireFields(database, ref at, fieldCountMax);
    }

    /// <summary>
    /// Removes this field of a hash if it is hidden; true if so. To be told by <see cref="TellExpiredFields"/> in the end.
    /// </summary>
    public bool TryExpireField(Database database, in KeyRef at, ReadOnlySpan<byte> field)
    {
        if (!FieldDeadlines.RemoveHidden(database.Edit(at), field, new DueFields(FieldDue, database, at.Record)))
        {
            return false;
        }
        _statistics.ExpiredFields++;
        return true;
    }

    public void TellExpiredFields(Database database, in KeyRef at)
    {
        database.NoteFieldDeadlines(at);
        _changes.Publish(new KeyChange(database, at.Record.Key, KeyEventClass.Hash, "hexpired"u8));
    }

    /// <summary>Removes a hash of which nobody sees a field any more, with the hidden ones that it still holds.</summary>
    public void RemoveHash(Database database, ref KeyRef at)
    {
        Record record = database.Detach(ref at);
        TellHidden(database, record);
        database.Free(record);
    }

    private bool ExpireFields(Database database, ref KeyRef at, int countMax)
    {
        ValueSlot value = database.Edit(at);
        int removed = 0;
        bool isMore = false;
        bool isEmpty = FieldDeadlines.StoredCountAt(at.Record.ValueAddress) > countMax
            && value.Layout == ValueLayout.Root && FieldDeadlines.AreAllBefore(value, _time.UnixMs);
        if (!isEmpty)
        {
            var dueFields = new DueFields(FieldDue, database, at.Record);
            removed = FieldDeadlines.RemoveDue(value, _time.UnixMs, countMax, dueFields, out isMore);
            _statistics.ExpiredFields += removed;
            FieldDeadlines.Hide(value, _time.UnixMs);
            isEmpty = new HashValue(value).IsEmpty;
        }
        if (isEmpty)
        {
            ExpireHash(database, ref at);
            return false;
        }
        database.NoteFieldDeadlines(at);
        if (removed > 0)
        {
            _changes.Publish(new KeyChange(database, at.Record.Key, KeyEventClass.Hash, "hexpired"u8));
        }
        return isMore;
    }

    private void ExpireHash(Database database, ref KeyRef at)
    {
        _changes.Publish(new KeyChange(database, at.Record.Key, KeyEventClass.Hash, "hexpired"u8));
        Record record = database.Detach(ref at);
        TellHidden(database, record);
        _changes.Publish(new KeyChange(database, record.Key, KeyEventClass.Generic, "del"u8));
        database.Free(record);
    }

    /// <summary>Propagates the removal of the whole hash: replicas and the log still have the fields that were hidden here.</summary>
    private void TellHidden(Database database, Record record)
    {
        long hiddenCount = FieldDeadlines.StoredCountAt(record.ValueAddress);
        if (hiddenCount > 0)
        {
            _statistics.ExpiredFields += hiddenCount;
            HashDue?.Invoke(database, record.Key);
        }
    }

    /// <summary>Whether the key's own time has come.</summary>
    private bool IsPast(Record record) => record.HasDeadline && record.DeadlineMs < _time.UnixMs;

    private bool HasDueFields(Record record) =>
        record.HasFieldDeadlines && FieldDeadlines.MayChangeAt(record.ValueAddress, _time.UnixMs);

    private KeyRef FindLive(Database database, ulong hash, ReadOnlySpan<byte> key, AccessMode mode)
    {
        KeyRef at = database.Find(hash, key);
        if (at.Exists && at.Record.HasAnyDeadline)
        {
            if (mode.Expiry == ExpiryMode.Ignore)
            {
                return Show(database, at);
            }
            if (mode.Expiry == ExpiryMode.Hide)
            {
                return IsDue(database, at.Record, mode) ? new KeyRef(at.Hash, default) : Hide(database, at);
            }
            ExpireSome(database, ref at, FieldsPerAccess);
            if (!at.Exists)
            {
                at = database.Find(hash, key);
            }
        }
        return at;
    }

    /// <summary>Hides due fields of a hash that must stay.</summary>
    private KeyRef Hide(Database database, KeyRef at)
    {
        if (HasDueFields(at.Record))
        {
            FieldDeadlines.Hide(database.Edit(at), _time.UnixMs);
        }
        return at;
    }

    /// <summary>Shows fields that were hidden from others.</summary>
    private static KeyRef Show(Database database, KeyRef at)
    {
        if (at.Record.HasFieldDeadlines && FieldDeadlines.IsHidingAt(at.Record.ValueAddress))
        {
            FieldDeadlines.Hide(database.Edit(at), long.MinValue);
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
