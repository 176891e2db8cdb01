using System.Diagnostics.CodeAnalysis;

namespace Bixbite.Keyspace;

/// <summary>
/// The keys of collections that a walk over a database has come to and that are to be moved in parts, and how many keys it has come to.
/// Only a bucket's keys are in it at a time: they come before the walk goes on.
/// </summary>
internal sealed class LargeValues
{
    /// <summary>A collection under a longer key, which would have to be copied and found again and again, stays.</summary>
    public const int KeySizeMax = 64 * 1024;

    private readonly Queue<LargeValue> _values = new();

    /// <summary>A collection of more elements is moved in parts from the beginning.</summary>
    public long CountMin { get; set; } = 1000;

    /// <summary>Keys of which something was moved.</summary>
    public long MovedKeyCount { get; private set; }

    /// <summary>Keys of which nothing was moved when the walk came to them.</summary>
    public long StayedKeyCount { get; private set; }

    public void Add(LargeValue value) => _values.Enqueue(value);

    /// <summary>The one whose turn it is.</summary>
    public bool TryPeek([NotNullWhen(true)] out LargeValue? value) => _values.TryPeek(out value);

    public void Dequeue() => _values.Dequeue();

    public void Clear() => _values.Clear();

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
