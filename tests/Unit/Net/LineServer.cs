using System.Net;
using System.Net.Sockets;
using System.Text;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Net.Transports;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>
/// Loops with line handlers on threads of their own, and a listener on a free port. Disposing checks what must always hold.
/// </summary>
internal sealed class LineServer : IDisposable
{
    private readonly Thread[] _threads;
    private readonly List<Exception> _failures = [];

    internal LineServer(
        int loopCount = 1,
        Action<LineHandler>? setUp = null,
        string address = "127.0.0.1",
        IClock? clock = null,
        Func<ByteChannel, ByteChannel>? wrap = null,
        int backlog = 511,
        SocketTransport? transport = null)
    {
        Handlers = [.. Enumerable.Range(0, loopCount).Select(_ => new LineHandler())];
        foreach (LineHandler handler in Handlers)
        {
            setUp?.Invoke(handler);
        }
        Loops = [.. Handlers.Select(handler => CreateLoop(handler, clock, transport))];
        Service = new Service(Loops, loop => Handlers[Array.IndexOf(Loops, loop)]);
        Listener = new Listener(Service, backlog) { Wrap = wrap };
        Address = address;
        BindResult bound = IsUnix ? Listener.BindUnix(address, 448) : Listener.BindTcp(address, 0);
        Assert.Equal("", bound.Message);
        Listener.Start();
        _threads = [.. Loops.Select(loop => new Thread(() => Run(loop)))];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    internal EventLoop[] Loops { get; }
    internal LineHandler[] Handlers { get; }
    internal Service Service { get; }
    internal Listener Listener { get; }

    /// <summary>The path of a Unix socket, or that of TCP.</summary>
    internal string Address { get; }

    internal bool IsUnix => Address.Contains('/');

    internal EventLoop Loop => Loops[0];
    internal LineHandler Handler => Handlers[0];
    internal int OpenedCount => Handlers.Sum(handler => Volatile.Read(ref handler.OpenedCount));
    internal int ClosedCount => Handlers.Sum(handler => Volatile.Read(ref handler.ClosedCount));

    internal Socket Connect(int receiveBufferSize = 0)
    {
        EndPoint end = IsUnix
            ? new UnixDomainSocketEndPoint(Address)
            : new IPEndPoint(IPAddress.Parse(Address), Listener.Port);
        Socket socket = new(end.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        socket.ReceiveTimeout = socket.SendTimeout = Patience.LimitMs;
        if (receiveBufferSize > 0)
        {
            socket.ReceiveBufferSize = receiveBufferSize;
        }
        socket.Connect(end);
        return socket;
    }

    /// <summary>Runs on the first loop's thread and returns its result.</summary>
    internal T OnLoop<T>(Func<T> function)
    {
        using ManualResetEventSlim done = new();
        T? result = default;
        Assert.True(Loop.Post(() =>
        {
            result = function();
            done.Set();
        }));
        Assert.True(done.Wait(Patience.LimitMs));
        return result!;
    }

    /// <summary>Sends from a thread of its own, so that the test can read meanwhile.</summary>
    internal static Thread Send(Socket socket, byte[] bytes)
    {
        Thread thread = new(() => socket.Send(bytes));
        thread.Start();
        return thread;
    }

    internal static string ReadLine(Socket socket)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (socket.Receive(one) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }
        return line.ToString();
    }

    /// <summary>Reads until the other side ends, or until so many bytes.</summary>
    internal static byte[] ReadAll(Socket socket, long sizeMax = long.MaxValue)
    {
        using MemoryStream all = new();
        byte[] part = new byte[1 << 20];
        while (all.Length < sizeMax)
        {
            int count = socket.Receive(part.AsSpan(0, (int)Math.Min(part.Length, sizeMax - all.Length)));
            if (count == 0)
            {
                break;
            }
            all.Write(part, 0, count);
        }
        return all.ToArray();
    }

    public void Dispose()
    {
        Listener.Dispose();
        foreach (EventLoop loop in Loops)
        {
            loop.Stop();
        }
        foreach (Thread thread in _threads)
        {
            Assert.True(thread.Join(Patience.LimitMs));
        }
        Assert.Empty(_failures);
        Assert.Equal(OpenedCount, ClosedCount);
        for (int index = 0; index < Loops.Length; index++)
        {
            Assert.Empty(Handlers[index].Mistakes);
            Assert.Empty(Handlers[index].Open);
            Assert.Equal(0, Loops[index].ConnectionCount);
            Loops[index].Dispose();
            Assert.Equal(0, Loops[index].Heap.UsedBytes);
        }
    }

    private static EventLoop CreateLoop(LineHandler handler, IClock? clock, SocketTransport? transport) =>
        new(handler, clock ?? SystemClock.Instance, new ExecutionLock(isShared: false), transport ?? SocketTransport.Standard);

    private void Run(EventLoop loop)
    {
        try
        {
            loop.Run();
        }
        catch (Exception failure)
        {
            lock (_failures)
            {
                _failures.Add(failure);
            }
        }
    }
}
