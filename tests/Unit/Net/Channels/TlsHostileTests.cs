using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;
using Bixbite.Unit.Platform.OpenSsl;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net.Channels;

/// <summary>Peers that do not keep to the rules get nothing, hold little, and keep nobody waiting.</summary>
[Collection(AloneCollection.Name)]
public sealed class TlsHostileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RandomBytesAreTurnedAway(int seed)
    {
        using TlsServer server = new();
        using SslStream steady = server.Connect();
        Random random = new(seed);
        byte[] hello = RawTlsClient.Hello();
        for (int count = 0; count < 200; count++)
        {
            using Socket socket = server.Lines.Connect();
            byte[] bytes = (count % 2 == 0 ? hello : new byte[random.Next(1, 3000)]).AsSpan().ToArray();
            for (int change = count % 2 == 0 ? 3 : bytes.Length; change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            socket.Send(bytes);
            if (count % 3 == 0)
            {
                socket.LingerState = new LingerOption(true, 0);
            }
        }
        AssertServes(steady);
        Patience.Until(() => server.Lines.OnLoop(() => Count(server)) == 0);
        Assert.InRange(server.Acceptor.FailedCount, 100, 201);
        Assert.Equal(0, server.Lines.OnLoop(() => server.Lines.Loop.Heap.UsedBytes));
    }

    [Fact]
    public void AHandshakeHasToEndInTime()
    {
        ManualClock clock = new();
        using TlsServer server = new(clock: clock);
        using SslStream steady = server.Connect();
        using Socket silent = server.Lines.Connect();
        using Socket half = server.Lines.Connect();
        byte[] hello = RawTlsClient.Hello();
        half.Send(hello.AsSpan(0, hello.Length / 2));
        using Socket slow = server.Lines.Connect();
        Patience.Until(() => server.Lines.OnLoop(() => Count(server)) == 3);
        for (int second = 0; second < 9; second++)
        {
            slow.Send(hello.AsSpan(second, 1));
            clock.AdvanceMs(1000);
            AssertServes(steady);
        }
        Assert.Equal(3, server.Lines.OnLoop(() => Count(server)));
        clock.AdvanceMs(1500);
        foreach (Socket socket in (Socket[])[silent, half, slow])
        {
            Assert.Equal(0, ReadToEnd(socket));
        }
        Assert.Equal(3, server.Acceptor.TimedOutCount);
        AssertServes(steady);
    }

    /// <summary>
    /// Far more begin than there is room for, and none goes on: they hold a bounded number of places, and whoever is honest gets in.
    /// </summary>
    [Fact]
    public void AStormTakesABoundedNumberOfPlaces()
    {
        ProcessFacts.RaiseOpenFilesLimit(30_000);
        const int count = 2 * EventLoop.HandshakesMax;
        using TlsServer server = new();
        using SslStream steady = server.Connect();
        byte[] hello = RawTlsClient.Hello();
        List<Socket> storm = [];
        for (int number = 0; number < count; number++)
        {
            Socket socket = server.Lines.Connect();
            storm.Add(socket);
            if (number % 2 == 0)
            {
                socket.Send(hello);
            }
            if (number % 500 == 0)
            {
                AssertServes(steady);
                AssertIsBounded(server);
            }
        }
        using SslStream late = server.Connect();
        AssertServes(late);
        AssertServes(steady);
        AssertIsBounded(server);
        Assert.NotEqual(0, server.Acceptor.DroppedCount);
        storm.ForEach(static socket => socket.Dispose());
        Patience.Until(() => server.Lines.OnLoop(() => Count(server)) == 0);
        Assert.Equal(0, server.Lines.OnLoop(() => server.Lines.Loop.Heap.UsedBytes));
    }

    /// <summary>
    /// Thousands come at the same moment and keep to the rules: all get in, nobody who is connected waits for them, and no more is held
    /// than for so many places. The clock stands nearly still, so a slow machine makes nobody late; and the backlog holds them all, since
    /// the kernel gives up connections that find it full for some seconds.
    /// </summary>
    [Theory]
    [InlineData(5000, 1)]
    [InlineData(5000, 3)]
    public void AnHonestCrowdGetsIn(int count, int loopCount)
    {
        ProcessFacts.RaiseOpenFilesLimit(30_000);
        ManualClock clock = new();
        using TlsServer server = new(loopCount, clock: clock, backlog: count);
        using SslStream steady = server.Connect();
        using TlsContext context = TlsPair.ClientContext();
        List<TlsCrowdClient> crowd = [.. Enumerable.Range(0, count).Select(_ => new TlsCrowdClient(context, server.Lines.Listener.Port))];
        Patience.Until(() =>
        {
            clock.AdvanceMs(1);
            crowd.ForEach(static client => client.GoOn());
            Assert.Null(crowd.Find(static client => client.Loss is not null)?.Loss);
            AssertServes(steady);
            AssertIsBounded(server);
            return crowd.TrueForAll(static client => client.HasAgreed);
        });
        Patience.Until(() => server.Lines.OpenedCount == count + 1);
        Assert.Equal((0, 0, 0), (server.Acceptor.FailedCount, server.Acceptor.DroppedCount, server.Acceptor.TimedOutCount));
        crowd.ForEach(static client => client.Dispose());
        Patience.Until(() => server.Lines.ClosedCount == count);
        AssertServes(steady);
    }

    /// <summary>Another handshake within the conversation: it is refused, and neither begun nor counted.</summary>
    [Fact]
    public void NobodyRenegotiates()
    {
        using TlsServer server = new();
        using SslStream steady = server.Connect(SslProtocols.Tls12);
        using TlsContext context = TlsPair.ClientContext(static options => options with { AllowsTls13 = false });
        using RawTlsClient client = new RawTlsClient(Connect(server), context).Agree();
        client.Socket.Send(client.Seal("before\n"u8));
        Assert.Equal("before\n"u8.ToArray(), client.Read(7));
        byte[] again = client.SealRenegotiation();
        client.Socket.Send(again);
        Assert.Equal("no renegotiation", client.ReadFailure());
        AssertServes(steady);
        Assert.Equal(2, server.Acceptor.FullCount + server.Acceptor.ResumedCount);
        Assert.Equal(0, server.Lines.ClosedCount);
        Assert.Equal(2, server.Lines.OpenedCount);
    }

    [Fact]
    public void RecordsMayBeCutAnywhere()
    {
        using TlsServer server = new();
        using RawTlsClient client = new RawTlsClient(Connect(server)).Agree();
        byte[] line = Encoding.ASCII.GetBytes(new string('x', 40) + "\n");
        int size = client.Seal(line).Length;
        client.Socket.Send(client.Seal("\n"u8));
        // The record that was not sent leaves a gap in the numbers: this connection is over.
        using RawTlsClient other = new RawTlsClient(Connect(server)).Agree();
        for (int at = 1; at < size; at++)
        {
            byte[] record = other.Seal(line);
            other.Socket.Send(record.AsSpan(0, at));
            Thread.Yield();
            other.Socket.Send(record.AsSpan(at));
            Assert.Equal(line, other.Read(line.Length));
        }
    }

    [Fact]
    public void AChangedRecordEndsTheConnection()
    {
        using TlsServer server = new();
        using RawTlsClient client = new RawTlsClient(Connect(server)).Agree();
        byte[] record = client.Seal("hello\n"u8);
        record[^1] ^= 1;
        client.Socket.Send(record);
        ReadToEnd(client.Socket);
        Patience.Until(() => server.Lines.ClosedCount == 1);
    }

    [Fact]
    public void ARecordThatIsTooLongEndsTheConnection()
    {
        using TlsServer server = new();
        using RawTlsClient client = new RawTlsClient(Connect(server)).Agree();
        client.Socket.Send([23, 3, 3, 0xFF, 0xFF]);
        ReadToEnd(client.Socket);
        Patience.Until(() => server.Lines.ClosedCount == 1);
    }

    /// <summary>
    /// A few changes of keys are anybody's right; who sends nothing else is closed, having made the server hold next to nothing.
    /// </summary>
    [Fact]
    public void AStormOfKeyUpdatesEndsTheConnection()
    {
        using TlsServer server = new();
        using SslStream steady = server.Connect();
        using RawTlsClient polite = new RawTlsClient(Connect(server)).Agree();
        for (int count = 0; count < 30; count++)
        {
            polite.Socket.Send(polite.SealKeyUpdate());
            polite.Socket.Send(polite.Seal("line\n"u8));
            Assert.Equal("line\n"u8.ToArray(), polite.Read(5));
        }
        using RawTlsClient client = new RawTlsClient(Connect(server)).Agree();
        try
        {
            for (int count = 0; count < 20_000; count++)
            {
                client.Socket.Send(client.SealKeyUpdate());
            }
        }
        catch (SocketException)
        {
            // Closed meanwhile.
        }
        Patience.Until(() => server.Lines.ClosedCount == 1);
        AssertServes(steady);
        Assert.Equal(0, server.Lines.OnLoop(() => server.Lines.Loop.Heap.UsedBytes));
    }

    private static Socket Connect(TlsServer server)
    {
        Socket socket = server.Lines.Connect();
        socket.NoDelay = true;
        return socket;
    }

    private static void AssertIsBounded(TlsServer server)
    {
        foreach (EventLoop loop in server.Lines.Loops)
        {
            Assert.InRange(loop.Handshakes.Count, 0, EventLoop.HandshakesMax);
            Assert.InRange(loop.Handshakes.Workspace.Warm.Count, 0, WarmSessions.CountMax);
        }
    }

    private static int Count(TlsServer server) => server.Lines.Loop.Handshakes.Count;

    private static void AssertServes(SslStream client)
    {
        client.Write("still here\n"u8);
        byte[] answer = new byte["still here\n"u8.Length];
        client.ReadExactly(answer);
        Assert.Equal("still here\n", Encoding.ASCII.GetString(answer));
    }

    /// <summary>Reads what still comes; returns how much it was.</summary>
    private static int ReadToEnd(Socket socket)
    {
        byte[] room = new byte[4096];
        int all = 0;
        try
        {
            while (socket.Receive(room) is var count and > 0)
            {
                all += count;
            }
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
        {
            // As good an end as any.
        }
        return all;
    }
}
