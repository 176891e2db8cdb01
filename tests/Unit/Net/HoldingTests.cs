using System.Net.Sockets;
using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>Output that is held back goes out when its position is released, in its order, and nothing else waits for it.</summary>
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

    [Fact]
    public void AClientThatLeavesIsForgotten()
    {
        using (Socket client = Connect())
        {
            Send(client, 1);
        }
        LineServer.Until(() => Volatile.Read(ref _handler.ClosedCount) == 1 || _loop.ConnectionCount == 1);
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
        Socket client = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = LineServer.PatienceMs };
        client.Connect("127.0.0.1", _listener.Port);
        return client;
    }

    /// <summary>Returns when the round that answered the byte is over.</summary>
    private void Send(Socket client, byte position)
    {
        int count = Volatile.Read(ref _handler.RoundCount);
        client.Send([position]);
        LineServer.Until(() => Volatile.Read(ref _handler.RoundCount) > count);
        using ManualResetEventSlim isOver = new();
        _loop.Post(isOver.Set);
        Assert.True(isOver.Wait(LineServer.PatienceMs));
    }

    private void Release(long position) => _loop.Release(position);

    private static byte[] Receive(Socket client, int count) => LineServer.ReadAll(client, count);

    /// <summary>Answers each byte with itself, and holds the answer for the position that the byte tells.</summary>
    private sealed class HoldingHandler : IConnectionHandler, ILoopUser
    {
        internal const byte NotHeld = 0;

        private readonly List<(Connection Connection, byte Position)> _batch = [];
        private long _position;
        internal int RoundCount;
        internal int ClosedCount;

        public void Opened(Connection connection)
        {
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
                output.Reserve(1)[0] = position;
                output.Advance(1);
                connection.EndReplies(start);
                connection.Consume(1, again: false);
                _position = position;
            }
            _batch.Clear();
            Interlocked.Increment(ref RoundCount);
        }

        public long EndTurn()
        {
            long position = _position;
            _position = NotHeld;
            return position;
        }

        public void Closed(Connection connection) => Interlocked.Increment(ref ClosedCount);

        public int Tick() => 1000;
    }
}
