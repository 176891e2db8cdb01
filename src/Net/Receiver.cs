using Bixbite.Memory;
using Bixbite.Net.Channels;

namespace Bixbite.Net;

/// <summary>Moves bytes from the channels to the handlers: one receive per connection and round.</summary>
/// <remarks>
/// A small request is received into the arena, behind what was left of it before; a large one straight into the connection's own
/// block, and a single large argument into one that the handler may give to somebody else. Whatever Execute leaves unconsumed is settled
/// into that block, and a connection that left nothing has none.
/// </remarks>
internal sealed class Receiver(EventLoop loop, Poller poller) : IDisposable
{
    private const int ReceiveSizeMin = 16 * 1024;
    private const int ReceiveSizeMax = 64 * 1024;

    /// <summary>The same for who has said that much comes (<see cref="Connection.ReceiveBulk"/>).</summary>
    private const int BulkSizeMax = 512 * 1024;

    private readonly Heap _heap = loop.Heap;
    private readonly LoopStatistics _statistics = loop.Statistics;
    private readonly Work _work = loop.Work;
    private readonly Poller _poller = poller;
    private readonly ReadArena _arena = new(loop.Workspace);

    /// <summary>Receives once and presents the bytes; false if the arena must be emptied before.</summary>
    internal bool TryReceive(Connection connection)
    {
        if (connection.Input.Filling is { } block)
        {
            ReceiveLoose(connection, block);
        }
        else if (connection.Input.IsLarge)
        {
            ReceiveLarge(connection);
        }
        else if (_arena.Room < connection.Input.Length + ReceiveSizeMin)
        {
            return false;
        }
        else
        {
            ReceiveSmall(connection);
        }
        return true;
    }

    /// <summary>Nobody wants its bytes for now; only whether its peer is still there.</summary>
    internal static void Watch(Connection connection)
    {
        bool hasEnded = connection.IsSet(ConnectionFlags.HasPeerEnded);
        if (!hasEnded && connection.Channel.HidesEnd)
        {
            ChannelNext next = connection.Channel.WatchEnd();
            connection.NoteRead(next);
            hasEnded = next is ChannelNext.Ended or ChannelNext.Failed;
        }
        if (hasEnded)
        {
            connection.CloseAfterFlush();
        }
    }

    /// <summary>Presents once more what was left unconsumed.</summary>
    internal void PresentRest(Connection connection)
    {
        connection.Flags &= ~ConnectionFlags.IsAgain;
        if (connection.Input.Length > 0)
        {
            Present(connection, connection.Input.Address, connection.Input.Length);
        }
        else
        {
            connection.RevisitIfWanted();
        }
    }

    /// <summary>After Execute: keeps what is left, gives back all else.</summary>
    internal void SettleBatch()
    {
        WorkList batch = _work.Batch;
        for (int index = 0; index < batch.Count; index++)
        {
            Settle(batch[index]);
        }
        batch.Clear();
        _arena.Reset();
    }

    public void Dispose() => _arena.Dispose();

    private void ReceiveSmall(Connection connection)
    {
        ulong address = _arena.Address;
        int kept = connection.Input.Length;
        if (kept > 0)
        {
            Native.Bytes(connection.Input.Address, kept).CopyTo(Native.Bytes(address, kept));
        }
        int room = Math.Min(_arena.Room - kept, connection.IsSet(ConnectionFlags.IsBulk) ? BulkSizeMax : ReceiveSizeMax);
        int received = Receive(connection, address + (ulong)kept, room);
        if (received == 0)
        {
            return;
        }
        if (kept > 0)
        {
            connection.Input.DropBytes(_heap);
        }
        if (Fence.IsOn && (_statistics.Reads & 1) == 0)
        {
            // A block of exactly these bytes, so that reading past their end stops the test; every other time, to test both ways.
            connection.Input.Expected = 0;
            connection.Input.Keep(_heap, address, kept + received);
            Present(connection, connection.Input.Address, connection.Input.Length);
            return;
        }
        _arena.Take(kept + received);
        Present(connection, address, kept + received);
    }

    private void ReceiveLarge(Connection connection)
    {
        int room = connection.Input.Reserve(_heap);
        int received = Receive(connection, connection.Input.RoomAddress, room);
        if (received == 0)
        {
            // Room for what is only announced is not kept until it comes.
            connection.Input.Tighten(_heap);
            return;
        }
        connection.Input.Extend(received);
        Present(connection, connection.Input.Address, connection.Input.Length);
    }

    /// <summary>A large argument is received where it may stay, so much at a time that others are not kept waiting.</summary>
    private void ReceiveLoose(Connection connection, LooseBlock block)
    {
        int room = block.Reserve();
        int received = Receive(connection, block.RoomAddress, room);
        if (received == 0)
        {
            return;
        }
        connection.Input.Fill(block, received);
        Present(connection, connection.Input.Address, connection.Input.Length);
    }

    /// <summary>Reads once and remembers what the channel waits for; returns how many bytes have come.</summary>
    private int Receive(Connection connection, ulong address, int room)
    {
        Transfer transfer = connection.Channel.Read(Native.Bytes(address, room));
        // An end seen with the event of the last bytes has none of its own; those may have been the channel's alone.
        bool hasEnd = transfer.Next == ChannelNext.Readable && connection.IsSet(ConnectionFlags.HasPeerEnded);
        connection.NoteRead(hasEnd ? ChannelNext.Ready : transfer.Next);
        if (transfer.Count > 0)
        {
            _statistics.Reads++;
            _statistics.BytesReceived += transfer.Count;
        }
        else if (transfer.Next == ChannelNext.Ended)
        {
            connection.CloseAfterFlush();
        }
        else if (transfer.Next == ChannelNext.Failed)
        {
            connection.Abort();
        }
        if (transfer.Next == ChannelNext.Writable)
        {
            _poller.WatchOutput(connection);
        }
        if (transfer.Count == 0)
        {
            connection.RevisitIfWanted();
        }
        return transfer.Count;
    }

    private void Present(Connection connection, ulong address, int length)
    {
        connection.Input.Expected = 0;
        connection.Input.BulkLength = 0;
        connection.Share.Address = address;
        connection.Share.Length = length;
        connection.Share.Consumed = 0;
        connection.Flags |= ConnectionFlags.IsInBatch;
        _work.AddToBatch(connection);
        connection.Handler.Received(connection, address, length);
    }

    private void Settle(Connection connection)
    {
        ref InputBuffer input = ref connection.Input;
        ref RoundShare share = ref connection.Share;
        connection.Flags &= ~ConnectionFlags.IsInBatch;
        if (connection.IsClosing)
        {
            input.Drop(_heap);
        }
        else
        {
            input.ConsumeLoose(share.Consumed);
            Keep(connection, ref input, ref share);
            int bulkStart = input.BulkStart - share.Consumed;
            if (input.BulkLength >= LooseBlock.LengthMin && input.Length - bulkStart >= LooseBlock.FilledMin && input.Filling is null)
            {
                input.Split(_heap, bulkStart, input.BulkLength);
            }
        }
        share.Length = share.Consumed = 0;
        if (input.Length == 0)
        {
            connection.Flags &= ~ConnectionFlags.IsAgain;
        }
        connection.RevisitIfWanted();
    }

    /// <summary>Keeps what is left of the bytes.</summary>
    private void Keep(Connection connection, ref InputBuffer input, ref RoundShare share)
    {
        if (input.Length > 0)
        {
            input.Consume(_heap, share.Consumed);
            if (!connection.IsSet(ConnectionFlags.IsAgain))
            {
                input.Tighten(_heap);
            }
        }
        else if (share.Rest > 0)
        {
            input.Keep(_heap, share.Address + (ulong)share.Consumed, share.Rest);
        }
    }
}
