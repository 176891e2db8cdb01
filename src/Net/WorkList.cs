namespace Bixbite.Net;

/// <summary>A list of connections that is filled, walked and cleared every round, and keeps its array.</summary>
internal sealed class WorkList
{
    private Connection[] _items = new Connection[64];

    internal int Count { get; private set; }

    internal Connection this[int index] => _items[index];

    internal void Add(Connection connection)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, 2 * Count);
        }
        _items[Count++] = connection;
    }

    /// <summary>Forgets the connections too: closed ones must not be kept alive.</summary>
    internal void Clear()
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
    }
}

/// <summary>Who has something to be done for, in the stages of a round. A flag of the connection keeps each list free of doubles.</summary>
internal sealed class Work
{
    /// <summary>To be visited when the next round reads.</summary>
    internal WorkList ToVisit { get; private set; } = new();

    /// <summary>Being visited.</summary>
    internal WorkList Visited { get; private set; } = new();

    /// <summary>Received, to be settled after Execute.</summary>
    internal WorkList Batch { get; } = new();

    /// <summary>With output to send.</summary>
    internal WorkList Dirty { get; } = new();

    /// <summary>To be closed at the end of the round.</summary>
    internal WorkList Doomed { get; } = new();

    /// <summary>Who serves the connections of the batch, each once.</summary>
    internal List<IConnectionHandler> Handlers { get; } = [];

    internal void AddToBatch(Connection connection)
    {
        Batch.Add(connection);
        IConnectionHandler handler = connection.Handler;
        // Nearly always the same one as before; there are as many as kinds of connections.
        if (Handlers.Count == 0 || (Handlers[^1] != handler && !Handlers.Contains(handler)))
        {
            Handlers.Add(handler);
        }
    }

    internal void BeginVisits() => (ToVisit, Visited) = (Visited, ToVisit);
}
