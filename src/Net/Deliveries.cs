namespace Bixbite.Net;

/// <summary>
/// Output for a loop's connections besides the replies to their own requests. Whoever has the <see cref="ExecutionLock"/> delivers: on the
/// connection's own loop it takes its place in the output at once, elsewhere it is left in the loop's inbox.
/// </summary>
internal sealed class Deliveries(EventLoop loop) : IDisposable
{
    private readonly EventLoop _loop = loop;
    private readonly MessageArena _messages = new(loop.Workspace);
    private readonly Inbox _inbox = new(loop.Lock.Heap);
    private readonly List<MessagePlace> _afterReply = [];

    internal Inbox Inbox => _inbox;

    /// <summary>The connection whose reply is being made has something to get after it.</summary>
    internal bool HasAfterReply => _afterReply.Count > 0;

    internal void Deliver(Connection connection, ReadOnlySpan<byte> bytes, MessageTraits traits)
    {
        if (bytes.IsEmpty)
        {
            return;
        }
        EventLoop owner = OwnerOfLock();
        if (owner != _loop)
        {
            if (_inbox.Add(connection, bytes, traits))
            {
                owner.Reached.Add(_loop);
            }
        }
        else if (!connection.IsClosing)
        {
            MessagePlace message = _messages.Add(bytes, traits);
            connection.DeliveredTurn = _loop.Turn;
            if (_loop.Replying == connection)
            {
                _afterReply.Add(message);
            }
            else
            {
                connection.Take(message);
            }
        }
    }

    internal void Deliver(Connection connection, ConnectionOrder order)
    {
        EventLoop owner = OwnerOfLock();
        if (owner == _loop)
        {
            connection.Obey(order);
        }
        else if (_inbox.Add(connection, order))
        {
            owner.Reached.Add(_loop);
        }
    }

    /// <summary>Places what the connection got while its reply was made.</summary>
    internal void PlaceAfterReply(Connection connection)
    {
        foreach (MessagePlace message in _afterReply)
        {
            connection.Take(message);
        }
        _afterReply.Clear();
    }

    /// <summary>Carries out what other loops have left.</summary>
    internal void EmptyInbox() => _inbox.Empty(this);

    /// <summary>The turn ends: what was delivered in it to connections of this loop waits for these positions.</summary>
    internal void Hold(ReadOnlySpan<long> positions)
    {
        WorkList dirty = _loop.Work.Dirty;
        for (int index = 0; index < dirty.Count; index++)
        {
            if (dirty[index].DeliveredTurn == _loop.Turn)
            {
                dirty[index].Hold(positions);
            }
        }
    }

    /// <summary>Keeps a message until the round is over.</summary>
    internal MessagePlace Keep(in MessagePlace message) => _messages.Add(message.Bytes, message.Traits with { Shared = 0 });

    /// <summary>Everything has been sent or queued.</summary>
    internal void Clear() => _messages.Clear();

    /// <summary>With the lock, between rounds.</summary>
    internal void Shrink()
    {
        _messages.Shrink();
        _inbox.Shrink();
    }

    public void Dispose()
    {
        _messages.Dispose();
        _inbox.Dispose();
    }

    private EventLoop OwnerOfLock() =>
        _loop.Lock.Owner ?? throw new InvalidOperationException("connections are reached by whoever has the execution lock");
}
