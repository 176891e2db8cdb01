using System.Net.Sockets;
using System.Text;
using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Net.Transports;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>
/// What one loop delivers to the connections of another takes its place when it is delivered: behind what was executed before, before what
/// is executed later, and not before its position is released.
/// </summary>
public sealed class DeliveryTests : IDisposable
{
    private readonly ExecutionLock _lock = new(isShared: true);
    private readonly List<Connection> _open = [];
    private readonly Handler[] _handlers;
    private readonly EventLoop[] _loops;
    private readonly Listener _listener;
    private readonly Thread[] _threads;

    public DeliveryTests()
    {
        _handlers = [new Handler(_open), new Handler(_open)];
        _loops = [.. _handlers.Select(handler => new EventLoop(handler, SystemClock.Instance, _lock, SocketTransport.Standard))];
        _listener = new Listener(new Service(_loops, loop => _handlers[Array.IndexOf(_loops, loop)]));
        Assert.True(_listener.BindTcp("127.0.0.1", 0).IsBound);
        _listener.Start();
        _threads = [.. _loops.Select(loop => new Thread(loop.Run))];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    [Fact]
    public void ADeliveryPrecedesTheReplyToWhatIsExecutedLater()
    {
        using Socket first = Connect(1);
        using Socket second = Connect(2);
        for (int cycle = 0; cycle < 100; cycle++)
        {
            // The second loop has received the request, and has not taken the lock yet.
            _handlers[1].MayExecute.Reset();
            second.Send("p"u8);
            Patience.Until(() => _handlers[1].HasReceived.IsSet);
            _handlers[1].HasReceived.Reset();
            first.Send("mm"u8);
            Assert.Equal("pMpM", Read(first, 4));
            _handlers[1].MayExecute.Set();
            Assert.Equal("MMp", Read(second, 3));
        }
    }

    [Fact]
    public void ADeliveryWaitsForThePositionOfItsTurnOnEveryLoop()
    {
        using Socket first = Connect(1);
        using Socket second = Connect(2);
        first.Send("h"u8);
        Patience.Until(() => Volatile.Read(ref _handlers[0].TurnCount) > 0);
        second.Send("p"u8);
        Patience.Until(() => Volatile.Read(ref _handlers[1].ExecuteCount) > 0);
        Assert.False(second.Poll(50_000, SelectMode.SelectRead));
        Assert.Equal(0, first.Available);
        _loops[1].Release(0, 1);
        Assert.Equal("Mp", Read(second, 2));
        Assert.Equal(0, first.Available);
        _loops[0].Release(0, 1);
        Assert.Equal("pM", Read(first, 2));
    }

    [Fact]
    public void OrdersFollowWhatWasDeliveredBefore()
    {
        using Socket first = Connect(1);
        using Socket second = Connect(2);
        first.Send("c"u8);
        Assert.Equal("pM", Read(first, 2));
        Assert.Equal("M", Read(second, 1));
        Assert.Equal(0, second.Receive(new byte[1]));
    }

    [Fact]
    public async Task MessagesOfAllSizesArriveWhole()
    {
        using Socket first = Connect(1);
        using Socket second = Connect(2);
        var random = new Random(7);
        for (int round = 0; round < 40; round++)
        {
            int size = round % 10 == 9 ? random.Next(1_000_000, 5_000_000) : random.Next(1, 100_000);
            _handlers[0].Message = new string((char)('A' + (round % 20)), size);
            first.Send("mm"u8);
            Task<string> own = Task.Run(() => Read(first, 2 + (2 * size)), TestContext.Current.CancellationToken);
            string expected = _handlers[0].Message;
            Assert.Equal(expected + expected, Read(second, 2 * size));
            Assert.Equal("p" + expected + "p" + expected, await own);
        }
    }

    public void Dispose()
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Stop();
        }
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
        _listener.Dispose();
        foreach (EventLoop loop in _loops)
        {
            loop.Dispose();
        }
        _lock.Dispose();
        Assert.All(_handlers, handler => Assert.Empty(handler.Mistakes));
    }

    private static string Read(Socket socket, int count) => Encoding.ASCII.GetString(LineServer.ReadAll(socket, count));

    /// <summary>The loops get their connections in turn.</summary>
    private Socket Connect(int count)
    {
        Socket client = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = Patience.LimitMs };
        client.Connect("127.0.0.1", _listener.Port);
        Patience.Until(() => _handlers.Sum(handler => Volatile.Read(ref handler.OpenedCount)) == count);
        return client;
    }

    /// <summary>
    /// Answers each byte with 'p'. 'm' delivers a message to everybody, 'h' does so and makes its turn wait for position 1, 'c' does so and
    /// closes everybody else.
    /// </summary>
    private sealed class Handler(List<Connection> open) : IConnectionHandler, ILoopUser
    {
        private readonly List<(Connection Connection, byte[] Bytes)> _batch = [];
        private readonly long[] _positions = new long[1];
        private Connection? _holder;
        private long _number;
        internal int OpenedCount;
        internal int ExecuteCount;
        internal int TurnCount;

        internal ManualResetEventSlim HasReceived { get; } = new(false);

        internal ManualResetEventSlim MayExecute { get; } = new(true);

        internal string Message { get; set; } = "M";

        internal List<string> Mistakes { get; } = [];

        public void Opened(Connection connection)
        {
            open.Add(connection);
            Interlocked.Increment(ref OpenedCount);
        }

        public void Received(Connection connection, ulong address, int length)
        {
            _batch.Add((connection, Native.Bytes(address, length).ToArray()));
            HasReceived.Set();
            if (!MayExecute.Wait(Patience.LimitMs))
            {
                Mistakes.Add("never let go");
            }
        }

        public void Execute()
        {
            foreach ((Connection connection, byte[] bytes) in _batch)
            {
                NativeBuffer output = connection.Loop.Output;
                int start = output.Length;
                connection.Loop.Replying = connection;
                foreach (byte command in bytes)
                {
                    output.Reserve(1)[0] = (byte)'p';
                    output.Advance(1);
                    if (command != 'p')
                    {
                        DeliverToAll(connection, command);
                    }
                    if (connection.EndReply(start))
                    {
                        start = output.Length;
                    }
                }
                connection.Loop.Replying = null;
                connection.EndReplies(start);
                connection.Consume(bytes.Length, again: false);
            }
            _batch.Clear();
            Interlocked.Increment(ref ExecuteCount);
        }

        public ReadOnlySpan<long> EndTurn()
        {
            _positions[0] = _holder is null ? 0 : 1;
            if (_holder is not null)
            {
                _holder.Hold(0, 1);
                _holder = null;
                Interlocked.Increment(ref TurnCount);
            }
            return _positions;
        }

        public void Closed(Connection connection) => open.Remove(connection);

        public int Tick() => 1000;

        private void DeliverToAll(Connection sender, byte command)
        {
            byte[] message = Encoding.ASCII.GetBytes(Message);
            _number++;
            foreach (Connection receiver in open)
            {
                receiver.Deliver(message, _number);
                if (command == 'c' && receiver != sender)
                {
                    receiver.Deliver(ConnectionOrder.CloseAfterFlush);
                }
            }
            if (command == 'h')
            {
                _holder = sender;
            }
        }
    }
}
