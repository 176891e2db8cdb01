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
/// While a loop sleeps, whoever writes to a stream of it runs a round in its place: alone, without waiting, and after what was posted.
/// </summary>
public sealed class GuestTests : IDisposable
{
    private readonly ExecutionLock _lock = new(isShared: true);
    private readonly EchoHandler[] _handlers = [new(), new()];
    private readonly EventLoop[] _loops;
    private readonly Service[] _services;
    private readonly Thread[] _threads;
    private readonly List<Exception> _failures = [];

    public GuestTests()
    {
        _loops = [.. _handlers.Select(handler => new EventLoop(handler, SystemClock.Instance, _lock, SocketTransport.Standard))];
        _services = [.. _loops.Select((loop, i) => new Service([loop], _ => _handlers[i]))];
        _threads = [.. _loops.Select(loop => new Thread(() => Run(loop)))];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void TheCallerServesItself()
    {
        using InProcessStream stream = Connect(0);
        Patience.Until(() => IsServedHere(stream));
    }

    [Fact]
    public void AReadMakesRoomAndFillsIt()
    {
        using InProcessStream stream = Connect(0);
        int count = 3 * PipeBuffer.SizeMax;
        _handlers[0].OnExecute = connection => connection.Write(new byte[count]);
        stream.Write("x"u8);
        stream.ReadExactly(new byte[count + 1]);
        _handlers[0].OnExecute = null;
        Assert.Equal("y", Ask(stream, "y"));
    }

    [Fact]
    public void NobodyWaitsForWhoExecutes()
    {
        using InProcessStream stream = Connect(0);
        using ManualResetEventSlim isHeld = new();
        using ManualResetEventSlim mayGo = new();
        _loops[1].Post(() => _loops[1].RunLocked(() =>
        {
            isHeld.Set();
            mayGo.Wait(Cancellation);
        }));
        Assert.True(isHeld.Wait(Patience.LimitMs, Cancellation));
        Thread writing = new(() => stream.Write("x"u8));
        writing.Start();
        Assert.True(writing.Join(Patience.LimitMs), "a write waits for another loop");
        mayGo.Set();
        Assert.Equal('x', stream.ReadByte());
    }

    [Fact]
    public void WhatWasPostedComesBefore()
    {
        using InProcessStream stream = Connect(0);
        int posted = 0;
        int seen = 0;
        _handlers[0].OnExecute = _ => seen = posted;
        for (int i = 1; i <= 5000; i++)
        {
            int number = i;
            _loops[0].Post(() => posted = number);
            Assert.Equal("x", Ask(stream, "x"));
            Assert.Equal(i, seen);
        }
    }

    [Fact]
    public void AHandlerMayWriteToAStreamOfItsOwnLoop()
    {
        using InProcessStream first = Connect(0);
        using InProcessStream second = Connect(0);
        _handlers[0].OnExecute = connection =>
        {
            _handlers[0].OnExecute = null;
            second.Write("2"u8);
        };
        Assert.Equal("1", Ask(first, "1"));
        Assert.Equal('2', second.ReadByte());
    }

    [Fact]
    public async Task GuestsSocketsAndPostsTakeTurns()
    {
        const int Count = 3000;
        using Listener listener = new(_services[0]);
        Assert.True(listener.BindTcp("127.0.0.1", 0).IsBound);
        listener.Start();
        int postCount = 0;
        List<Task> all = [];
        for (int i = 0; i < 6; i++)
        {
            InProcessStream stream = Connect(i % 2);
            all.Add(Task.Run(() => AskMany(stream, Count), Cancellation));
        }
        for (int i = 0; i < 2; i++)
        {
            TcpClient client = new("127.0.0.1", listener.Port);
            all.Add(Task.Run(() => AskMany(client.GetStream(), Count), Cancellation));
        }
        for (int i = 0; i < Count; i++)
        {
            Assert.True(_loops[i % 2].Post(() => Interlocked.Increment(ref postCount)));
        }
        await Task.WhenAll(all).WaitAsync(TimeSpan.FromMilliseconds(Patience.LimitMs), Cancellation);
        Patience.Until(() => Volatile.Read(ref postCount) == Count);
    }

    [Fact]
    public async Task LoopsStopWhileGuestsCome()
    {
        InProcessStream[] streams = [.. Enumerable.Range(0, 4).Select(i => Connect(i % 2))];
        Task[] all =
        [
            .. streams.Select(static stream => Task.Run(() => Record.Exception(() => AskMany(stream, int.MaxValue)), Cancellation)),
        ];
        Patience.Until(() => _handlers.All(static handler => Volatile.Read(ref handler.ExecuteCount) > 1000));
        StopAll();
        await Task.WhenAll(all).WaitAsync(TimeSpan.FromMilliseconds(Patience.LimitMs), Cancellation);
    }

    [Fact]
    public void ALoopFailsWithWhatAGuestFailsWith()
    {
        using InProcessStream stream = Connect(0);
        int caller = Environment.CurrentManagedThreadId;
        Patience.Until(() => IsServedHere(stream));
        _handlers[0].OnExecute = _ =>
        {
            if (Environment.CurrentManagedThreadId == caller)
            {
                throw new InvalidDataException("a guest's mistake");
            }
        };
        Patience.Until(() =>
        {
            // It fails where this thread serves itself; whoever writes then is told nothing, as with a mistake of the loop's own.
            Assert.Null(Record.Exception(() => stream.Write("x"u8)));
            return !_threads[0].IsAlive;
        });
        Assert.Equal("a guest's mistake", Assert.Single(_failures).Message);
        _loops[0].Abandon();
    }

    public void Dispose()
    {
        StopAll();
        foreach (EventLoop loop in _loops)
        {
            loop.Dispose();
        }
        _lock.Dispose();
        Assert.All(_handlers, static handler => Assert.False(handler.WasCrowded));
    }

    private static string Ask(Stream stream, string request)
    {
        stream.Write(Encoding.ASCII.GetBytes(request));
        byte[] reply = new byte[request.Length];
        stream.ReadExactly(reply);
        return Encoding.ASCII.GetString(reply);
    }

    private static void AskMany(Stream stream, int count)
    {
        using (stream)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.Equal("request", Ask(stream, "request"));
            }
        }
    }

    private bool IsServedHere(InProcessStream stream)
    {
        Assert.Equal("x", Ask(stream, "x"));
        return _handlers[0].ThreadId == Environment.CurrentManagedThreadId;
    }

    private InProcessStream Connect(int loop)
    {
        InProcessStream stream = _services[loop].Connect();
        stream.ReadTimeout = stream.WriteTimeout = Patience.LimitMs;
        return stream;
    }

    private void StopAll()
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Stop();
        }
        foreach (Thread thread in _threads)
        {
            Assert.True(thread.Join(Patience.LimitMs));
        }
    }

    private void Run(EventLoop loop)
    {
        try
        {
            loop.Run();
        }
        catch (Exception failure)
        {
            _lock.Break();
            lock (_failures)
            {
                _failures.Add(failure);
            }
        }
    }

    /// <summary>Answers what it gets, and notes whose thread it is on and whether another one is in.</summary>
    private sealed class EchoHandler : IConnectionHandler, ILoopUser
    {
        private readonly List<(Connection Connection, ulong Address, int Length)> _batch = [];
        private int _insideCount;

        internal int ExecuteCount;
        internal volatile int ThreadId;
        internal volatile bool WasCrowded;

        internal Action<Connection>? OnExecute { get; set; }

        public void Opened(Connection connection)
        {
        }

        public void Received(Connection connection, ulong address, int length) => _batch.Add((connection, address, length));

        public void Execute()
        {
            WasCrowded |= Interlocked.Increment(ref _insideCount) != 1;
            ThreadId = Environment.CurrentManagedThreadId;
            ExecuteCount++;
            foreach ((Connection connection, ulong address, int length) in _batch)
            {
                int start = connection.Loop.Output.Length;
                Native.Bytes(address, length).CopyTo(connection.Loop.Output.Reserve(length));
                connection.Loop.Output.Advance(length);
                connection.Consume(length, again: false);
                connection.EndReplies(start);
                OnExecute?.Invoke(connection);
            }
            _batch.Clear();
            Interlocked.Decrement(ref _insideCount);
        }

        public void Closed(Connection connection)
        {
        }

        public int Tick() => 100;
    }
}
