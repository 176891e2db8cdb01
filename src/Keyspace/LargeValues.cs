using System.Diagnostics.CodeAnalysis;

namespace Bixbite.Keyspace;

/// <summary>
/// The keys of collections that a walk over a database has come to and that are to be moved in parts, and how many keys it has come to.
/// Only a bucket's keys are in it at a time: they come before the walk goes on.
/// </summary>
internal sealed class LargeValues
{
    private readonly Queue<byte[]> _keys = new();

    /// <summary>A collection of more elements is moved in parts.</summary>
    public long CountMin { get; set; } = 1000;

    /// <summary>Keys of which something was moved.</summary>
    public long MovedKeyCount { get; private set; }

    /// <summary>Keys of which nothing was moved when the walk came to them.</summary>
    public long StayedKeyCount { get; private set; }

    public void Add(ReadOnlySpan<byte> key) => _keys.Enqueue(key.ToArray());

    /// <summary>The key whose turn it is.</summary>
    public bool TryPeek([NotNullWhen(true)] out byte[]? key) => _keys.TryPeek(out key);

    public void Dequeue() => _keys.Dequeue();

    public void Clear() => _keys.Clear();

    public void Count(bool hasMoved)
    {
        MovedKeyCount += hasMoved ? 1 : 0;
        StayedKeyCount += hasMoved ? 0 : 1;
    }

    public void ResetStatistics()
    {
        MovedKeyCount = 0;
        StayedKeyCount = 0;
    }
}
