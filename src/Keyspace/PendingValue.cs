using Bixbite.Types;
using Bixbite.Types.Saving;

namespace Bixbite.Keyspace;

/// <summary>
/// A large value that a snapshot is handing over in pieces, or has to because a command is about to change it. It is of a key's record,
/// or to nobody any more if that was removed; then it lives until the snapshot has all of it. One value may be pending for several
/// snapshots, which are a chain.
/// </summary>
internal sealed class PendingValue(KeyType type, ulong address, SnapshotMemory memory, ValueSnapshot content, ISavedValue output)
{
    private PendingValue? _next;

    public KeyType Type { get; } = type;

    /// <summary>A string's block, or a collection's root.</summary>
    public ulong Address { get; set; } = address;

    /// <summary>Of its snapshot.</summary>
    public SnapshotMemory Memory { get; } = memory;

    /// <summary>The same value for another snapshot; what it holds is a chain in the same order.</summary>
    public PendingValue? Next
    {
        get => _next;
        set
        {
            _next = value;
            Content.Next = value?.Content;
        }
    }

    /// <summary>No key has it any more.</summary>
    public bool IsOrphan { get; set; }

    /// <summary>The content, if it is a collection that no key has any more.</summary>
    public KeptOrphan? Kept { get; set; }

    public ValueSnapshot Content { get; } = content;

    public ISavedValue Output { get; } = output;
}
