using System.Collections;

namespace Bixbite.Generators;

/// <summary>A list that equals another one with equal items, as the cache of an incremental generator needs it.</summary>
internal sealed class ValueList<T>(IReadOnlyList<T> items) : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    public int Count => items.Count;

    public T this[int index] => items[index];

    public bool Equals(ValueList<T>? other) => other is not null && this.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() =>
        items.Aggregate(17, (hash, item) => unchecked((hash * 31) + EqualityComparer<T>.Default.GetHashCode(item)));

    public IEnumerator<T> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
