using System.Net;
using System.Net.Sockets;
using Bixbite.Net;
using Bixbite.Net.Transports;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>
/// Loops that share a lock and connect outwards, on threads of their own, with a clock that stands still. Disposing stops them and checks
/// what must hold.
/// </summary>
internal sealed class OutgoingLoops : IDisposable
{
    private readonly ExecutionLock _lock;
    private readonly Thread[] _threads;

    internal OutgoingLoops(int count = 1)
    {
        _lock = new ExecutionLock(isShared: count > 1);
        Handlers = [.. Enumerable.Range(0, count).Select(static _ => new OutgoingHandler())];
        Loops = [.. Handlers.Select(handler => new EventLoop(handler, Clock, _lock, SocketTransport.Standard))];
        _threads = [.. Loops.Select(static loop => new Thread(loop.Run))];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    internal ManualClock Clock { get; } = new();

    internal EventLoop[] Loops { get; }

    internal OutgoingHandler[] Handlers { get; }

    internal EventLoop Loop => Loops[0];

    internal OutgoingHandler Handler => Handlers[0];

    internal ConnectAttempt Connect(ConnectTarget target, object? name = null) => Loop.Connect(target, Handler, name);

    /// <summary>The one event that there is to be of an attempt.</summary>
    internal string Outcome(ConnectTarget target)
    {
        object name = new();
        ConnectAttempt attempt = Connect(target, name);
        Patience.Until(() => attempt.Stage is ConnectStage.Connected or ConnectStage.Failed && EventsOf(name).Any());
        Rounds(1);
        return EventsOf(name).First();
    }

    internal IEnumerable<string> EventsOf(object name) =>
        Handlers.SelectMany(static handler => handler.Events).Where(each => name.Equals(each.Name)).Select(static each => each.Event);

    internal void Await(ConnectAttempt attempt, ConnectStage stage) => Patience.Until(() => attempt.Stage == stage);

    /// <summary>Time passes, and the loops notice.</summary>
    internal void AdvanceMs(long ms)
    {
        Clock.AdvanceMs(ms);
        Rounds(3);
    }

    /// <summary>Every loop makes some rounds.</summary>
    internal void Rounds(int count)
    {
        for (int round = 0; round < count; round++)
        {
            foreach (EventLoop loop in Loops)
            {
                On(loop, static () => { });
            }
        }
    }

    /// <summary>Runs on the loop's thread, with the lock.</summary>
    internal static void On(EventLoop loop, Action action)
    {
        using ManualResetEventSlim done = new();
        Assert.True(loop.Post(() =>
        {
            loop.RunLocked(action);
            done.Set();
        }));
        Assert.True(done.Wait(Patience.LimitMs));
    }

    public void Dispose()
    {
        Stop();
        for (int index = 0; index < Loops.Length; index++)
        {
            Assert.Empty(Handlers[index].Mistakes);
            Assert.Equal(Handlers[index].OpenedCount, Handlers[index].ClosedCount);
            Assert.Equal(0, Loops[index].Connector.Count);
            Loops[index].Dispose();
            Assert.Equal(0, Loops[index].Heap.UsedBytes);
        }
        _lock.Dispose();
    }

    internal void Stop()
    {
        foreach (EventLoop loop in Loops)
        {
            loop.Stop();
        }
        foreach (Thread thread in _threads)
        {
            Assert.True(thread.Join(Patience.LimitMs));
        }
    }

    /// <summary>A port of this machine that refuses, as long as the socket lives: it is taken, and nobody listens.</summary>
    internal static Socket Refusing(out int port)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return socket;
    }
}
