namespace Bixbite.Engine.Records;

/// <summary>
/// Data of a module that belongs to the dataset and is no key: records, each of which is some bytes. They come back with the keys, from
/// snapshots and logs. The module owns them; everything is called by whoever holds the execution lock.
/// <code>
///   RDB file   | facts | code, record | code, record | keys ...
///   log        | head, record | head, record | requests that make the keys ...
/// </code>
/// </summary>
public abstract class RecordKind
{
    /// <summary>The byte before each record in an RDB file: none of a value's type, and none that the format uses otherwise.</summary>
    public abstract byte Code { get; }

    /// <summary>The name of a record in messages.</summary>
    public abstract string Name { get; }

    /// <summary>The words of the request that makes a record; the record is its last argument.</summary>
    public abstract IReadOnlyList<byte[]> RequestHead { get; }

    /// <summary>The records as they are now, in the order in which they are to be made. Their bytes never change.</summary>
    public abstract IEnumerable<ReadOnlyMemory<byte>> Records { get; }

    /// <summary>Adds a record that was kept.</summary>
    /// <param name="record">Its bytes, valid during the call; they may be wrong in any way.</param>
    /// <param name="replaces">One of the same name is replaced; otherwise that is a mistake.</param>
    /// <returns>Null, or what is wrong: nothing has changed then.</returns>
    public abstract string? Add(ReadOnlySpan<byte> record, bool replaces);

    /// <summary>Removes all records.</summary>
    public abstract void Clear();

    /// <summary>An empty kind, into which data is loaded that may take the place of this one's.</summary>
    public abstract RecordKind MakeAside();

    /// <summary>Takes the records of what <see cref="MakeAside"/> made in the place of its own; the other is not used again.</summary>
    public abstract void Adopt(RecordKind aside);
}
