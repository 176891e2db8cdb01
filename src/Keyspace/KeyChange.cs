namespace Bixbite.Keyspace;

/// <summary>The classes of key events, with the letters that notify-keyspace-events uses for them.</summary>
[Flags]
public enum KeyEventClass
{
    None = 0,
    Generic = 1,        // g
    String = 2,         // $
    List = 4,           // l
    Set = 8,            // s
    Hash = 16,          // h
    SortedSet = 32,     // z
    Stream = 64,        // t
    Expired = 128,      // x
    Evicted = 256,      // e
    New = 512,          // n
}

/// <summary>One change of one key, told right after it happened. The key's bytes are valid only during the call.</summary>
public readonly ref struct KeyChange(
    Database database, ReadOnlySpan<byte> key, KeyEventClass eventClass, ReadOnlySpan<byte> name, long count = 0)
{
    public readonly Database Database = database;
    public readonly ReadOnlySpan<byte> Key = key;
    public readonly KeyEventClass EventClass = eventClass;

    /// <summary>The event's name as Redis publishes it: <c>set</c>, <c>del</c>, <c>expired</c>.</summary>
    public readonly ReadOnlySpan<byte> Name = name;

    /// <summary>
    /// What it counts for, as Redis counts it: the elements that were added, removed or stored. 0 if no command made the change (a key or
    /// field was due, or evicted), and where it only tells more about a change that was counted.
    /// </summary>
    public readonly long Count = count;
}

/// <summary>Where key changes are told.</summary>
public interface IKeyChanges
{
    public void Publish(in KeyChange change);
}
