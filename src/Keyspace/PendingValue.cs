using Bixbite.Types;
using Bixbite.Types.Saving;

namespace Bixbite.Keyspace;

/// <summary>
/// A large value that a snapshot is handing over in pieces, or has to because a command is about to change it. It is of a key's record,
/// or to nobody any more if that was removed; then it lives until the snapshot has all of it.
/// </summary>
internal sealed class PendingValue(KeyType type, ulong address, ValueSnapshot content, ISavedValue output)
{
    public KeyType Type { get; } = type;

    /// <summary>A string's block, or a collection's root.</summary>
    public ulong Address { get; set; } = address;

    /// <summary>No key has it any more.</summary>
    public bool IsOrphan { get; set; }

    /// <summary>About how many bytes a collection has that no key has any more.</summary>
    public long KeptBytes { get; set; }

    public ValueSnapshot Content { get; } = content;

    public ISavedValue Output { get; } = output;
}
