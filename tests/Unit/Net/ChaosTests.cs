using System.Net.Sockets;
using System.Text;
using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Net.Transports;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>
/// A handler that consumes, pauses, resumes, expects and holds output back at random: whatever it does, every byte comes back once and in
/// order.
/// </summary>
public sealed class ChaosTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    public void EveryByteComesBackWhateverTheHandlerDoes(int seed, bool isWithinProcess)
    {
        MoodyHandler handler = new(seed);
        using EventLoop loop = new(handler, SystemClock.Instance);
        Service service = new([loop], _ => handler);
        using Listener listener = new(service);
        Assert.True(listener.BindTcp("127.0.0.1", 0).IsBound);
        listener.Start();
        Thread serving = new(loop.Run);
        serving.Start();

        Thread[] clients = [.. Enumerable.Range(seed * 100, 12).Select(own => new Thread(() =>
        {
            if (isWithinProcess)
            {
                using InProcessStream peer = service.Connect();
                Converse(peer, peer.CompleteWrites, own, handler);
                return;
            }
            using Socket client = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (own % 3 == 0)
            {
                client.ReceiveBufferSize = 4096;
            }
            client.Connect("127.0.0.1", listener.Port);
            Converse(new NetworkStream(client), () => client.Shutdown(SocketShutdown.Send), own, handler);
        }))];
        foreach (Thread client in clients)
        {
            client.Start();
        }
        foreach (Thread client in clients)
        {
            client.Join();
        }
        Patience.Until(() => Volatile.Read(ref handler.ClosedCount) == 12);
        loop.Stop();
        serving.Join();
        Assert.Empty(handler.Mistakes);
    }

    [Fact]
    public void ARoundAllocatesNothing()
    {
        StillHandler handler = new();
        using ExecutionLock executionLock = new(isShared: false);
        // Sockets of .NET may make an object for a wait, where the last one has not been given back yet.
        using EventLoop loop = new(handler, SystemClock.Instance, executionLock, SocketTransport.Epoll);
        using Listener listener = new(new Service([loop], _ => handler));
        listener.BindTcp("127.0.0.1", 0);
        listener.Start();
        Thread serving = new(loop.Run);
        serving.Start();
        using Socket client = new(SocketType.Stream, ProtocolType.Tcp);
        client.Connect("127.0.0.1", listener.Port);
        byte[] answer = new byte[16];
        for (int round = 0; round < 2000; round++)
        {
            client.Send("ping"u8);
            Assert.Equal(4, client.Receive(answer));
        }
        loop.Stop();
        serving.Join();
        // The JIT may allocate for its own ends while the first rounds are compiled.
        Assert.Equal(0, handler.AllocatedInLastRounds);
    }

    private static void Converse(Stream client, Action endWriting, int seed, MoodyHandler handler)
    {
        Random random = new(seed);
        client.ReadTimeout = client.WriteTimeout = Patience.LimitMs;
        byte[] request = new byte[random.Next(1, 3_000_000)];
        random.NextBytes(request);
        bool endsItsSide = seed % 2 == 0;
        request[0] = (byte)(endsItsSide ? 1 : 0);
        Thread sending = new(() =>
        {
            Random pieces = new(seed);
            for (int sent = 0; sent < request.Length;)
            {
                int size = Math.Min(request.Length - sent, pieces.Next(10) == 0 ? pieces.Next(1, 200_000) : pieces.Next(1, 5000));
                client.Write(request.AsSpan(sent, size));
                sent += size;
                if (pieces.Next(50) == 0)
                {
                    Thread.Sleep(1);
                }
            }
            if (endsItsSide)
            {
                endWriting();
            }
        });
        sending.Start();
        byte[] answer = new byte[request.Length];
        int count = client.ReadAtLeast(answer, answer.Length, throwOnEndOfStream: false);
        sending.Join();
        if (!answer.AsSpan().SequenceEqual(request))
        {
            handler.Complain($"seed {seed}: {count} of {request.Length} bytes, or others");
        }
    }

    private sealed class MoodyHandler(int seed) : IConnectionHandler, ILoopUser
    {
        private readonly Random _random = new(seed);
        private readonly List<(Connection Connection, ulong Address, int Length)> _batch = [];
        private readonly List<Connection> _paused = [];
        private EventLoop? _loop;
        private readonly List<Connection> _executed = [];
        private readonly long[] _heldPositions = new long[EventLoop.LineCountMax];
        private readonly long[] _releasedPositions = new long[EventLoop.LineCountMax];
        private bool _isHeld;
        internal int ClosedCount;

        internal List<string> Mistakes { get; } = [];

        public void Opened(Connection connection) => _loop = connection.Loop;

        public void Received(Connection connection, ulong address, int length) => _batch.Add((connection, address, length));

        public void Execute()
        {
            foreach ((Connection connection, ulong address, int length) in _batch)
            {
                Echo(connection, Native.Bytes(address, length));
                _executed.Add(connection);
            }
            _batch.Clear();
            _isHeld = _random.Next(2) == 0;
        }

        public ReadOnlySpan<long> EndTurn()
        {
            if (_isHeld)
            {
                int line = _random.Next(EventLoop.LineCountMax);
                _heldPositions[line]++;
                _executed.ForEach(connection => connection.Hold(line, _heldPositions[line]));
            }
            _isHeld = false;
            _executed.Clear();
            return default;
        }

        public void Closed(Connection connection)
        {
            _paused.Remove(connection);
            Interlocked.Increment(ref ClosedCount);
        }

        public int Tick()
        {
            foreach (Connection connection in _paused)
            {
                connection.ResumeReading();
            }
            _paused.Clear();
            for (int line = 0; line < EventLoop.LineCountMax; line++)
            {
                _releasedPositions[line] += _random.NextInt64(_heldPositions[line] - _releasedPositions[line] + 1);
                _loop?.Release(line, _releasedPositions[line]);
            }
            return 1;
        }

        internal void Complain(string mistake)
        {
            lock (Mistakes)
            {
                Mistakes.Add(mistake);
            }
        }

        private void Echo(Connection connection, ReadOnlySpan<byte> bytes)
        {
            // A peer that ends its side while paused is let go unread, so those that will do so say it with their first byte.
            connection.State ??= (bytes[0] & 1) == 0;
            int start = connection.Loop.Output.Length;
            int count = _random.Next(4) == 0 ? _random.Next(1, bytes.Length + 1) : bytes.Length;
            if (_random.Next(5) == 0)
            {
                connection.Write(bytes[..count]);
            }
            else
            {
                bytes[..count].CopyTo(connection.Loop.Output.Reserve(count));
                connection.Loop.Output.Advance(count);
            }
            connection.EndReplies(start);
            if (count < bytes.Length && _random.Next(3) == 0)
            {
                connection.Expect(_random.Next(bytes.Length, 1_000_000));
            }
            connection.Consume(count, again: count < bytes.Length);
            if ((bool)connection.State && _random.Next(20) == 0)
            {
                connection.PauseReading();
                _paused.Add(connection);
            }
        }
    }

    private sealed class StillHandler : IConnectionHandler, ILoopUser
    {
        private Connection? _connection;
        private int _length;
        private int _rounds;
        private long _allocatedBefore;

        internal long AllocatedInLastRounds { get; private set; } = -1;

        public void Opened(Connection connection) => _connection = connection;

        public void Received(Connection connection, ulong address, int length) => _length = length;

        public void Execute()
        {
            _rounds++;
            if (_rounds == 1000)
            {
                _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            }
            if (_rounds == 2000)
            {
                AllocatedInLastRounds = GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
            }
            int start = _connection!.Loop.Output.Length;
            "pong"u8.CopyTo(_connection.Loop.Output.Reserve(4));
            _connection.Loop.Output.Advance(4);
            _connection.EndReplies(start);
            _connection.Consume(_length, again: false);
        }

        public void Closed(Connection connection)
        {
        }

        public int Tick() => 1000;
    }
}
