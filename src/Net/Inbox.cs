using System.Diagnostics;
using Bixbite.Memory;

namespace Bixbite.Net;

/// <summary>The orders that another thread gives for a connection.</summary>
public enum ConnectionOrder
{
    /// <summary>Bytes are written to it.</summary>
    Write,

    /// <summary>As <see cref="Connection.CloseAfterFlush"/>.</summary>
    CloseAfterFlush,

    /// <summary>As <see cref="Connection.Abort"/>.</summary>
    Abort,

    /// <summary>As <see cref="Connection.ResumeReading"/>.</summary>
    ResumeReading,
}

/// <summary>
/// Orders and output of other loops for the connections of one loop, in the order in which they came. Everything here needs the
/// <see cref="ExecutionLock"/>, whose heap pays, except <see cref="HasItems"/>.
/// </summary>
internal sealed class Inbox(Heap heap) : IDisposable
{
    private const int ItemCountKept = 16 * 1024;

    private readonly MessageArena _messages = new(heap);
    private readonly List<Item> _items = [];
    private volatile bool _hasItems;
    private bool _isSealed = true;
    private LinePositions _positions;

    /// <summary>Any thread.</summary>
    internal bool HasItems => _hasItems;

    /// <summary>Leaves an order; true if it is the first since the inbox was sealed.</summary>
    internal bool Add(Connection connection, ConnectionOrder order) => Add(new Item(connection, order, default));

    /// <summary>Leaves bytes to be written.</summary>
    internal bool Add(Connection connection, ReadOnlySpan<byte> bytes, MessageTraits traits) =>
        Add(new Item(connection, ConnectionOrder.Write, _messages.Add(bytes, traits)));

    /// <summary>Whoever added items gives back the lock: they wait for these positions, of as many lines.</summary>
    internal void Seal(ReadOnlySpan<long> positions)
    {
        _isSealed = true;
        for (int line = 0; line < positions.Length; line++)
        {
            _positions[line] = Math.Max(_positions[line], positions[line]);
        }
    }

    /// <summary>Carries everything out; who gets something of it, and nobody else, waits for the positions.</summary>
    internal void Empty(Deliveries deliveries)
    {
        Debug.Assert(_isSealed, "what lies here is not left by the owner of the lock");
        MessagePlace from = default;
        MessagePlace to = default;
        foreach (Item item in _items)
        {
            if (item.Order != ConnectionOrder.Write)
            {
                item.Connection.Obey(item.Order);
                continue;
            }
            if (item.Message != from)
            {
                from = item.Message;
                to = deliveries.Keep(from);
            }
            item.Connection.Take(to);
            item.Connection.Hold(_positions);
        }
        _items.Clear();
        if (_items.Capacity > ItemCountKept)
        {
            _items.Capacity = ItemCountKept;
        }
        _messages.Clear();
        _hasItems = false;
        _positions = default;
    }

    internal void Shrink() => _messages.Shrink();

    public void Dispose() => _messages.Dispose();

    private bool Add(in Item item)
    {
        _items.Add(item);
        _hasItems = true;
        bool isFirst = _isSealed;
        _isSealed = false;
        return isFirst;
    }

    private readonly record struct Item(Connection Connection, ConnectionOrder Order, MessagePlace Message);
}
