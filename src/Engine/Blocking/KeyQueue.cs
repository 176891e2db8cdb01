using Bixbite.Keyspace;

namespace Bixbite.Engine.Blocking;

/// <summary>Those who wait for one key, first come first.</summary>
internal sealed class KeyQueue(Database database, byte[] key)
{
    public Database Database { get; } = database;

    public byte[] Key { get; } = key;

    public LinkedList<KeyWait> Waits { get; } = new();

    /// <summary>How many of the waits run again also when the key is gone.</summary>
    public int MissingCount { get; set; }

    /// <summary>The key has changed, and those who wait have not been served yet.</summary>
    public bool IsReady { get; set; }
}

/// <summary>A wait's place in the queue of one of its keys.</summary>
internal readonly record struct KeyPlace(KeyQueue Queue, LinkedListNode<KeyWait> Node);
