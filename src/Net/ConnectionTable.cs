using System.Diagnostics;

namespace Bixbite.Net;

/// <summary>The loop's open connections by slot; the slot is what epoll returns with an event.</summary>
/// <remarks>A slot is freed at the end of a round only, when no event of it can be under way any more.</remarks>
internal sealed class ConnectionTable
{
    private Connection?[] _slots = new Connection?[64];
    private int[] _free = new int[64];
    private int _freeCount;
    private int _usedCount;

    internal int Count => _usedCount - _freeCount;

    /// <summary>One more than the highest slot ever used.</summary>
    internal int SlotCount => _usedCount;

    internal Connection? this[int slot] => _slots[slot];

    /// <summary>The slot that the next <see cref="Add"/> fills.</summary>
    internal int NextSlot => _freeCount > 0 ? _free[_freeCount - 1] : _usedCount;

    internal void Add(Connection connection)
    {
        int slot = NextSlot;
        Debug.Assert(connection.Slot == slot);
        if (_freeCount > 0)
        {
            _freeCount--;
        }
        else
        {
            _usedCount++;
        }
        if (slot == _slots.Length)
        {
            Array.Resize(ref _slots, 2 * slot);
        }
        _slots[slot] = connection;
    }

    internal void Remove(Connection connection)
    {
        Debug.Assert(_slots[connection.Slot] == connection);
        _slots[connection.Slot] = null;
        if (_freeCount == _free.Length)
        {
            Array.Resize(ref _free, 2 * _freeCount);
        }
        _free[_freeCount++] = connection.Slot;
    }
}
