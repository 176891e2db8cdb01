using System.Diagnostics;

namespace Bixbite.Protocol;

/// <summary>
/// The headers of a reply whose counts are not known yet, innermost last: each stands at a position of the buffer, or, once that has
/// flowed, in a place that the sink keeps for it.
/// </summary>
internal sealed class OpenPlaces
{
    private (int Position, ulong Place)[] _items = new (int, ulong)[8];

    internal int Count { get; private set; }

    /// <summary>Opens a header; returns the mark to end it with.</summary>
    internal int Push(int position)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, 2 * Count);
        }
        _items[Count] = (position, 0);
        return Count++;
    }

    internal int PositionAt(int index) => _items[index].Position;

    /// <summary>True if the header has flowed: its position means nothing any more.</summary>
    internal bool HasFlowed(int index) => _items[index].Position < 0;

    /// <summary>The header has flowed, and the sink keeps this place for it; 0 if nobody does.</summary>
    internal void Place(int index, ulong place) => _items[index] = (-1, place);

    /// <summary>Ends the innermost header; false if its reply was dropped meanwhile.</summary>
    internal bool TryPop(int mark, out int position, out ulong place)
    {
        Debug.Assert(mark >= Count - 1, "headers end from the inside out");
        (position, place) = (0, 0);
        if (mark >= Count)
        {
            return false;
        }
        Count = mark;
        (position, place) = _items[mark];
        return true;
    }

    internal void Clear() => Count = 0;
}
