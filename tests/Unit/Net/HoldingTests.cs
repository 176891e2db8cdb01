using System.Net.Sockets;
using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>Output that is held goes out when its line has reached its position, in its order, and nothing else waits for it.</summary>
public sealed class HoldingTests : IDisposable
{
    private readonly HoldingHandler _handler = new();
    private readonly EventLoop _loop;
    private readonly Listener _listener;
    private readonly Thread _serving;

    public HoldingTests()
    {
        _loop = new EventLoop(_handler, SystemClock.Instance);
        _listener = new Listener(new Service([_loop], _ => _handler));
        Assert.True(_listener.BindTcp("127.0.0.1", 0).IsBound);
        _listener.Start();
        _serving = new Thread(_loop.Run);
        _serving.Start();
    }

    [Fact]
    public void EachPositionWaitsForItsRelease()
    {
        using Socket client = Connect();
        Send(client, 1);
        Send(client, 2);
        Send(client, 3);
        Assert.Equal(0, client.Available);
        Release(1);
        Assert.Equal([1], Receive(client, 1));
        Assert.Equal(0, client.Available);
        Release(3);
        Assert.Equal([2, 3], Receive(client, 2));
    }

    [Fact]
    public void OthersAreNotHeld()
    {
        using Socket writer = Connect();
        using Socket reader = Connect();
        Send(writer, 1);
        Send(reader, HoldingHandler.NotHeld);
        Assert.Equal([HoldingHandler.NotHeld], Receive(reader, 1));
        Assert.Equal(0, writer.Available);
        Release(1);
        Assert.Equal([1], Receive(writer, 1));
    }

    [Fact]
    public void WhatComesBehindHeldOutputKeepsItsPlace()
    {
        using Socket client = Connect();
        Send(client, 1);
        Send(client, HoldingHandler.NotHeld);
        Assert.Equal(0, client.Available);
        Release(1);
        Assert.Equal([1, HoldingHandler.NotHeld], Receive(client, 2));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void EveryLineMustBeThere(int first, int second)
    {
        using Socket client = Connect();
        _handler.LinesHeld = [0, 1];
        Send(client, 1);
        Send(client, 2);
        _loop.Release(first, 9);
        Await();
        Assert.Equal(0, client.Available);
        _loop.Release(second, 1);
        Assert.Equal([1], Receive(client, 1));
        Assert.Equal(0, client.Available);
        _loop.Release(second, 2);
        Assert.Equal([2], Receive(client, 1));
    }

    [Fact]
    public void OnlyLinesThatConcernAConnectionHoldIt()
    {
        using Socket client = Connect();
        using Socket other = Connect();
        _handler.LinesHeld = [0, 1];
        Patience.Until(() => Volatile.Read(ref _handler.OpenedCount) == 2);
        _handler.Open[0].Lines = 1 << 0;
        Send(client, 1);
        Send(other, 1);
        _loop.Release(0, 1);
        Assert.Equal([1], Receive(client, 1));
        Await();
        Assert.Equal(0, other.Available);
        _loop.Release(1, 1);
        Assert.Equal([1], Receive(other, 1));
    }

    [Fact]
    public void WhatHoldsBeforeThereIsOutputHoldsTheOutput()
    {
        using Socket client = Connect();
        _handler.IsSilent = true;
        Send(client, 1);
        _handler.IsSilent = false;
        Send(client, HoldingHandler.NotHeld);
        Assert.Equal(0, client.Available);
        Release(1);
        Assert.Equal([HoldingHandler.NotHeld], Receive(client, 1));
    }

    [Fact]
    public void WhatIsDeliveredInATickIsHeldBeforeItsConnectionIsVisited()
    {
        using Socket client = Connect();
        Patience.Until(() => Volatile.Read(ref _handler.OpenedCount) == 1);
        // In several pieces, so that they are queued, and with input that makes the loop visit the connection in the same round.
        _handler.OnTick = () =>
        {
            Connection connection = _handler.Open[0];
            connection.Deliver("a"u8);
            connection.Write("b"u8);
            connection.Deliver("c"u8);
            _handler.Delivered[0] = 5;
        };
        client.Send([HoldingHandler.NotHeld]);
        _loop.Post(() => _loop.TickWithin(0));
        Patience.Until(() => Volatile.Read(ref _handler.OnTick) is null);
        Await();
        Assert.False(HasCome(client, (byte)'a'), "sent before its line was there");
        Release(5);
        byte[] all = Receive(client, 4);
        Assert.Equal("abc", System.Text.Encoding.ASCII.GetString([.. all.Where(letter => letter != HoldingHandler.NotHeld)]));
    }

    [Fact]
    public void ManyMarksAreLetGoInTheirOrder()
    {
        using Socket client = Connect();
        byte[] positions = [.. Enumerable.Range(1, 200).Select(position => (byte)position)];
        foreach (byte position in positions)
        {
            Send(client, position);
        }
        for (int position = 1; position <= 200; position++)
        {
            Release(position);
            Assert.Equal([(byte)position], Receive(client, 1));
            Assert.Equal(0, client.Available);
        }
    }

    [Fact]
    public void AClientThatIsCutOffWhileItIsHeldIsForgotten()
    {
        using Socket client = Connect();
        using Socket other = Connect();
        Patience.Until(() => Volatile.Read(ref _handler.OpenedCount) == 2);
        Send(client, 1);
        Send(other, 1);
        _loop.Post(_handler.Open[0].Abort);
        Patience.Until(() => Volatile.Read(ref _handler.ClosedCount) == 1);
        Release(1);
        Assert.Equal([1], Receive(other, 1));
    }

    [Fact]
    public void AClientThatLeavesIsForgotten()
    {
        using (Socket client = Connect())
        {
            Send(client, 1);
        }
        Patience.Until(() => Volatile.Read(ref _handler.ClosedCount) == 1 || _loop.ConnectionCount == 1);
        Release(1);
        using Socket next = Connect();
        Send(next, HoldingHandler.NotHeld);
        Assert.Equal([HoldingHandler.NotHeld], Receive(next, 1));
    }

    public void Dispose()
    {
        _loop.Stop();
        _serving.Join();
        _listener.Dispose();
        _loop.Dispose();
    }

    private Socket Connect()
    {
        Socket client = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = Patience.LimitMs };
        client.Connect("127.0.0.1", _listener.Port);
        return client;
    }

    /// <summary>Returns when the round that answered the byte is over.</summary>
    private void Send(Socket client, byte position)
    {
        int count = Volatile.Read(ref _handler.RoundCount);
        client.Send([position]);
        Patience.Until(() => Volatile.Read(ref _handler.RoundCount) > count);
        Await();
    }

    /// <summary>Returns when the round under way is over, and what was released before has been sent.</summary>
    private void Await()
    {
        for (int round = 0; round < 2; round++)
        {
            using ManualResetEventSlim isOver = new();
            _loop.Post(isOver.Set);
            Assert.True(isOver.Wait(Patience.LimitMs));
        }
    }

    /// <summary>Whether this byte is among those that have come.</summary>
    private static bool HasCome(Socket client, byte wanted)
    {
        byte[] bytes = new byte[16];
        return client.Available > 0 && bytes.AsSpan(0, client.Receive(bytes, SocketFlags.Peek)).Contains(wanted);
    }

    private void Release(long position) => _loop.Release(0, position);

    private static byte[] Receive(Socket client, int count) => LineServer.ReadAll(client, count);

    /// <summary>Answers each byte with itself, and holds the answer for the position that the byte tells.</summary>
    private sealed class HoldingHandler : IConnectionHandler, ILoopUser
    {
        internal const byte NotHeld = 0;

        private readonly List<(Connection Connection, byte Position)> _batch = [];
        private readonly List<(Connection Connection, byte Position)> _held = [];
        internal int RoundCount;
        internal int OpenedCount;
        internal int ClosedCount;

        /// <summary>What is done in the next tick, once.</summary>
        internal Action? OnTick;

        internal List<Connection> Open { get; } = [];

        /// <summary>The lines for which each answer waits.</summary>
        internal int[] LinesHeld { get; set; } = [0];

        /// <summary>What deliveries of the turn wait for.</summary>
        internal long[] Delivered { get; } = new long[1];

        /// <summary>Nothing is answered, but held.</summary>
        internal bool IsSilent { get; set; }

        public void Opened(Connection connection)
        {
            Open.Add(connection);
            Interlocked.Increment(ref OpenedCount);
        }

        public void Received(Connection connection, ulong address, int length)
        {
            Assert.Equal(1, length);
            _batch.Add((connection, Native.Bytes(address, length)[0]));
        }

        public void Execute()
        {
            foreach ((Connection connection, byte position) in _batch)
            {
                NativeBuffer output = connection.Loop.Output;
                int start = output.Length;
                if (!IsSilent)
                {
                    output.Reserve(1)[0] = position;
                    output.Advance(1);
                }
                connection.EndReplies(start);
                connection.Consume(1, again: false);
                _held.Add((connection, position));
            }
            _batch.Clear();
            Interlocked.Increment(ref RoundCount);
        }

        public ReadOnlySpan<long> EndTurn()
        {
            foreach ((Connection connection, byte position) in _held)
            {
                foreach (int line in position == NotHeld ? [] : LinesHeld)
                {
                    connection.Hold(line, position);
                }
            }
            _held.Clear();
            return Delivered;
        }

        public void Closed(Connection connection) => Interlocked.Increment(ref ClosedCount);

        public int Tick()
        {
            Action? action = OnTick;
            action?.Invoke();
            Volatile.Write(ref OnTick, null);
            return 1000;
        }
    }
}
