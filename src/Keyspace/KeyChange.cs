using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>One change of one key, told right after it happened. The key's bytes are valid only during the call.</summary>
public readonly ref struct KeyChange
{
    public readonly Database Database;
    public readonly ReadOnlySpan<byte> Key;
    public readonly KeyEventClass EventClass;

    /// <summary>The event's name as Redis publishes it: <c>set</c>, <c>del</c>, <c>expired</c>.</summary>
    public readonly ReadOnlySpan<byte> Name;

    /// <summary>
    /// How many changes it counts for, as Redis counts them: the elements that were added, removed or stored. 0 where it only tells more
    /// about a change that was counted, and if no command made it.
    /// </summary>
    public readonly long Count;

    /// <summary>No command made the change: a key or field was due, or evicted.</summary>
    public readonly bool IsSpontaneous;

    /// <summary>A change that no command made.</summary>
    public KeyChange(Database database, ReadOnlySpan<byte> key, KeyEventClass eventClass, ReadOnlySpan<byte> name)
        : this(database, key, eventClass, name, count: 0) => IsSpontaneous = true;

    /// <summary>A command's change.</summary>
    public KeyChange(Database database, ReadOnlySpan<byte> key, KeyEventClass eventClass, ReadOnlySpan<byte> name, long count)
    {
        Database = database;
        Key = key;
        EventClass = eventClass;
        Name = name;
        Count = count;
    }
}

/// <summary>Where key changes are told.</summary>
public interface IKeyChanges
{
    public void Publish(in KeyChange change);
}
