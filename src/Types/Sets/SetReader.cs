using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Bixbite.Structures.Text;

namespace Bixbite.Types.Sets;

/// <summary>Reads the members of a set one after the other, in no particular order. Valid until the set's next change.</summary>
public ref struct SetReader
{
    private readonly StoredSet _set;
    private SetWalk _walk;
    private Batch _batch;
    private Digits _digits;
    private int _index;
    private int _count;

    internal SetReader(StoredSet set) => _set = set;

    /// <summary>The current member.</summary>
    public readonly StoredText Current => _batch[_index];

    /// <summary>The current member's bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Member => Current.Text(_digits);

    /// <summary>Goes to the first member, then to the next; false at the end.</summary>
    public bool MoveNext()
    {
        if (++_index < _count)
        {
            return true;
        }
        _index = 0;
        _count = _set.Walk(ref _walk, _batch);
        return _count > 0;
    }

    [InlineArray(StoredSet.BatchSize)]
    private struct Batch
    {
        private StoredText _first;
    }

    [InlineArray(Integers.SizeMax)]
    private struct Digits
    {
        private byte _first;
    }
}
