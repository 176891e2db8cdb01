using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>A collection that is moved in parts, by its name: between two parts it may be changed, moved, or another's.</summary>
internal sealed class LargeValue(byte[] key)
{
    public byte[] Key { get; } = key;

    public RelocationCursor Cursor { get; set; }

    /// <summary>Something of the key has been moved.</summary>
    public bool HasMoved { get; set; }
}
