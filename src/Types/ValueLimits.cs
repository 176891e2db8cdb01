namespace Bixbite.Types;

/// <summary>
/// Up to which size collections stay packed: the values of the settings <c>*-max-listpack-*</c> and <c>set-max-intset-entries</c>, and
/// how large the nodes of streams get. A value that has left its packed form does not return to it.
/// </summary>
public sealed class ValueLimits
{
    /// <summary>hash-max-listpack-entries: fields.</summary>
    public long HashEntriesMax { get; set; } = 512;

    /// <summary>hash-max-listpack-value: bytes of a field or value.</summary>
    public long HashValueSizeMax { get; set; } = 64;

    /// <summary>
    /// list-max-listpack-size: the elements of a node, or with -1 to -5 its size of 4 to 64 KiB. A list of one node is a listpack.
    /// </summary>
    public int ListNodeFill { get; set; } = -2;

    /// <summary>set-max-intset-entries: members of a set of integers alone.</summary>
    public long SetIntsetEntriesMax { get; set; } = 512;

    /// <summary>set-max-listpack-entries: members.</summary>
    public long SetEntriesMax { get; set; } = 128;

    /// <summary>set-max-listpack-value: bytes of a member.</summary>
    public long SetValueSizeMax { get; set; } = 64;

    /// <summary>zset-max-listpack-entries: members.</summary>
    public long SortedSetEntriesMax { get; set; } = 128;

    /// <summary>zset-max-listpack-value: bytes of a member.</summary>
    public long SortedSetValueSizeMax { get; set; } = 64;

    /// <summary>stream-node-max-bytes: the size from which on a stream begins another node; 0 is any.</summary>
    public long StreamNodeSizeMax { get; set; } = 4096;

    /// <summary>stream-node-max-entries: entries of a node, deleted ones too; 0 is any number.</summary>
    public long StreamNodeEntriesMax { get; set; } = 100;
}
