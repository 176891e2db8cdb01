using Bixbite.Structures.Packed;

namespace Bixbite.Types.Streams;

/// <summary>
/// A node of a stream: one block with up to a hundred entries, byte for byte as Redis has them.
/// <code>
///   | master id: 16 | listpack |
///
///   listpack = | entries | deleted entries | field count | field | field | ... | 0 | entry | entry | ... |
///   entry    = | flags | ms - master's | sequence - master's | value | value | ... | length |                 fields as above
///            = | flags | ms - master's | sequence - master's | field count | field | value | ... | length |    fields of its own
///
///   flags    = 1 deleted, 2 fields as above             length = the listpack's entries from the flags to here, without this one
/// </code>
/// The node tells the fields of its first entry once, and entries that have the same leave them out. The master's ID is that of the
/// first entry when the node began. The length lets entries be read backwards; the 0 ends that. Deleted entries stay and are skipped; a
/// node without any other goes. Of entries that are not deleted the IDs ascend.
/// </summary>
internal readonly ref struct StreamNode
{
    internal const int HeaderSize = 16;
    internal const int LiveOffset = Listpack.HeaderSize;
    internal const long Deleted = 1;
    internal const long SameFields = 2;

    /// <summary>Flags and the ID's two parts.</summary>
    internal const int HeadLength = 3;

    internal StreamNode(StreamId masterId, ReadOnlySpan<byte> pack)
    {
        MasterId = masterId;
        Pack = pack;
        DeletedOffset = Listpack.After(pack, LiveOffset);
        int fieldCountOffset = Listpack.After(pack, DeletedOffset);
        FieldCount = (int)Listpack.At(pack, fieldCountOffset).Integer;
        FieldsOffset = Listpack.After(pack, fieldCountOffset);
    }

    internal StreamId MasterId { get; }

    internal ReadOnlySpan<byte> Pack { get; }

    /// <summary>How many fields the master has.</summary>
    internal int FieldCount { get; }

    /// <summary>Where the master's fields begin.</summary>
    internal int FieldsOffset { get; }

    internal int DeletedOffset { get; }

    /// <summary>Entries that are not deleted.</summary>
    internal long LiveCount => Listpack.At(Pack, LiveOffset).Integer;

    internal long DeletedCount => Listpack.At(Pack, DeletedOffset).Integer;

    /// <summary>Where the first entry begins, or the end mark.</summary>
    internal int EntriesOffset => Listpack.After(Pack, Listpack.Skip(Pack, FieldsOffset, FieldCount));
}
