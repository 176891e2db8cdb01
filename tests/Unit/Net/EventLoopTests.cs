using System.Net.Sockets;
using System.Text;
using Bixbite.Net;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

public sealed class EventLoopTests
{
    public static TheoryData<string> Transports => ["127.0.0.1", "::1", "unix"];

    private static LineServer Serve(string transport, Action<LineHandler>? setUp = null) =>
        new(setUp: setUp, address: transport == "unix" ? Path.Combine(Path.GetTempPath(), $"bixbite-net-{Guid.NewGuid():N}") : transport);

    [Theory]
    [MemberData(nameof(Transports))]
    public void LinesComeBack(string transport)
    {
        using LineServer server = Serve(transport);
        using Socket client = server.Connect();
        client.Send("one\ntwo\n\nthree\n"u8);
        Assert.Equal("one", LineServer.ReadLine(client));
        Assert.Equal("two", LineServer.ReadLine(client));
        Assert.Equal("", LineServer.ReadLine(client));
        Assert.Equal("three", LineServer.ReadLine(client));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public void DeliveryByteByByteIsLikeDeliveryAtOnce(string transport)
    {
        using LineServer server = Serve(transport);
        using Socket client = server.Connect();
        if (transport != "unix")
        {
            client.NoDelay = true;
        }
        byte[] request = "hello\ntake 3\nabcworld\n"u8.ToArray();
        foreach (byte value in request)
        {
            client.Send([value]);
            Thread.Sleep(1);
        }
        Assert.Equal("hello", LineServer.ReadLine(client));
        Assert.Equal("3 294", LineServer.ReadLine(client));
        Assert.Equal("world", LineServer.ReadLine(client));
    }

    /// <summary>What was sent before the loop looks comes in small pieces, for the sake of others, unless it is wanted at once.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MuchComesInLargePiecesWhereThatIsWanted(bool isBulk)
    {
        const int pieceSizeMax = 64 * 1024;
        using ManualResetEventSlim gate = new();
        using LineServer server = Serve("unix", handler => handler.OnOpened = connection =>
        {
            connection.ReceiveBulk(isBulk);
            gate.Wait(Patience.LimitMs);
        });
        using Socket client = server.Connect();
        byte[] lines = [.. Enumerable.Range(0, 100_000).SelectMany(static i => (byte[])[(byte)('a' + (i % 26)), (byte)'\n'])];
        client.Blocking = false;
        int sent = client.Send(lines, SocketFlags.None, out _) & ~1;
        client.Blocking = true;
        gate.Set();
        Assert.True(sent > pieceSizeMax, $"the system has taken {sent} bytes only");
        Assert.Equal(lines[..sent], LineServer.ReadAll(client, sent));
        Assert.Equal(isBulk, server.Handler.LargestPiece > pieceSizeMax);
    }

    [Fact]
    public void DeliveryAtEverySplitIsLikeDeliveryAtOnce()
    {
        using LineServer server = Serve("127.0.0.1");
        byte[] request = "hello\ntake 3\nabcworld\n"u8.ToArray();
        for (int split = 1; split < request.Length; split++)
        {
            using Socket client = server.Connect();
            client.NoDelay = true;
            client.Send(request.AsSpan(0, split));
            Thread.Sleep(3);
            client.Send(request.AsSpan(split));
            Assert.Equal("hello", LineServer.ReadLine(client));
            Assert.Equal("3 294", LineServer.ReadLine(client));
            Assert.Equal("world", LineServer.ReadLine(client));
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public void BigMessagesTravelBothWays(string transport)
    {
        const int size = 64 << 20;
        using LineServer server = Serve(transport);
        using Socket client = server.Connect();
        byte[] payload = new byte[size];
        new Random(42).NextBytes(payload);
        long sum = payload.Sum(value => (long)value);
        client.Send(Encoding.ASCII.GetBytes($"first\ntake {size}\n"));
        client.Send(payload);
        client.Send("after\n"u8);
        Assert.Equal("first", LineServer.ReadLine(client));
        Assert.Equal($"{size} {sum}", LineServer.ReadLine(client));
        Assert.Equal("after", LineServer.ReadLine(client));
        client.Send(Encoding.ASCII.GetBytes($"big {size}\nend\n"));
        byte[] answer = LineServer.ReadAll(client, size);
        Assert.Equal(size, answer.Length);
        Assert.True(answer.AsSpan().IndexOfAnyExcept((byte)'x') < 0);
        Assert.Equal("end", LineServer.ReadLine(client));
        Patience.Until(() => server.OnLoop(() => server.Loop.Heap.UsedBytes) < 2 << 20);
    }

    [Fact]
    public void AnAnnouncementThatNeverComesCostsNothing()
    {
        using LineServer server = Serve("127.0.0.1");
        long atStart = server.OnLoop(() => server.Loop.Heap.UsedBytes);
        using Socket client = server.Connect();
        client.NoDelay = true;
        client.Send("take 500000000\nonly this"u8);
        Patience.Until(() => server.OnLoop(() => server.Handler.Open.Any(connection => connection.PendingInput == 24)));
        Assert.InRange(server.OnLoop(() => server.Loop.Heap.UsedBytes) - atStart, 24, 128);
        client.Send("and this"u8);
        Patience.Until(() => server.OnLoop(() => server.Handler.Open.Any(connection => connection.PendingInput == 32)));
        Assert.InRange(server.OnLoop(() => server.Loop.Heap.UsedBytes) - atStart, 32, 128);
        client.Send(new byte[1_000_000]);
        Patience.Until(() => server.OnLoop(() => server.Handler.Open.Any(connection => connection.PendingInput == 1_000_032)));
        Assert.InRange(server.OnLoop(() => server.Loop.Heap.UsedBytes) - atStart, 1_000_032, 4_100_000);
    }

    [Fact]
    public void ConnectionsAtRestHoldNoBuffer()
    {
        using LineServer server = Serve("127.0.0.1");
        long atStart = server.OnLoop(() => server.Loop.Heap.UsedBytes);
        Socket[] clients = [.. Enumerable.Range(0, 200).Select(_ => server.Connect())];
        foreach (Socket client in clients)
        {
            client.Send("line\npart"u8);
        }
        foreach (Socket client in clients)
        {
            Assert.Equal("line", LineServer.ReadLine(client));
        }
        Assert.True(server.OnLoop(() => server.Handler.Open.Sum(connection => connection.PendingInput)) == 200 * 4);
        foreach (Socket client in clients)
        {
            client.Send("ly\n"u8);
        }
        foreach (Socket client in clients)
        {
            Assert.Equal("partly", LineServer.ReadLine(client));
        }
        Assert.Equal(atStart, server.OnLoop(() => server.Loop.Heap.UsedBytes));
        foreach (Socket client in clients)
        {
            client.Dispose();
        }
        Patience.Until(() => server.ClosedCount == 200);
    }

    [Fact]
    public void AHugePipelineIsAnsweredInTurnsAndOrder()
    {
        using LineServer server = Serve("127.0.0.1", handler => handler.LinesPerRound = 7);
        using Socket client = server.Connect();
        using Socket other = server.Connect();
        const int count = 50_000;
        byte[] request = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, count).Select(index => $"{index}\n")));
        Thread sending = LineServer.Send(client, request);
        for (int index = 0; index < 100; index++)
        {
            other.Send("other\n"u8);
            Assert.Equal("other", LineServer.ReadLine(other));
        }
        byte[] answer = LineServer.ReadAll(client, request.Length);
        sending.Join();
        Assert.Equal(request, answer);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public void HalfCloseIsAnsweredInFull(string transport)
    {
        using LineServer server = Serve(transport, handler => handler.LinesPerRound = 10);
        using Socket client = server.Connect();
        string numbers = string.Concat(Enumerable.Range(0, 1000).Select(index => $"{index}\n"));
        client.Send(Encoding.ASCII.GetBytes(numbers + "big 20000000\nno end"));
        client.Shutdown(SocketShutdown.Send);
        byte[] answer = LineServer.ReadAll(client);
        Assert.Equal(numbers.Length + 20_000_000, answer.Length);
        Patience.Until(() => server.ClosedCount == 1);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public void APeerThatLeavesUnreadOutputIsClosed(string transport)
    {
        using LineServer server = Serve(transport);
        Socket client = server.Connect(4096);
        client.Send("big 30000000\n"u8);
        Patience.Until(() => server.OnLoop(() => server.Handler.Open.Any(connection => connection.PendingOutput > 1 << 20)));
        client.Close(0);
        Patience.Until(() => server.ClosedCount == 1);
    }

    [Fact]
    public void QuitSendsItsReplyAndCloses()
    {
        using LineServer server = Serve("127.0.0.1");
        using Socket client = server.Connect();
        client.Send("a\nquit\nnever\n"u8);
        Assert.Equal("a\nbye\n", Encoding.ASCII.GetString(LineServer.ReadAll(client)));
        Patience.Until(() => server.ClosedCount == 1);
    }

    [Fact]
    public void WhatIsWrittenOnOpeningArrivesBeforeTheEnd()
    {
        using LineServer server = Serve("127.0.0.1", handler => handler.OnOpened = connection =>
        {
            connection.Write("-ERR full\n"u8);
            connection.CloseAfterFlush();
        });
        using Socket client = server.Connect();
        Assert.Equal("-ERR full\n", Encoding.ASCII.GetString(LineServer.ReadAll(client)));
    }

    [Fact]
    public void AbortWithinExecuteClosesOnce()
    {
        using LineServer server = Serve("127.0.0.1");
        using Socket client = server.Connect();
        using Socket other = server.Connect();
        client.Send("a\nabort\nb\n"u8);
        other.Send("still here\n"u8);
        Assert.Equal("still here", LineServer.ReadLine(other));
        Patience.Until(() => server.ClosedCount == 1);
        try
        {
            Assert.Empty(LineServer.ReadAll(client));
        }
        catch (SocketException reset)
        {
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }
    }

    [Fact]
    public void PauseHoldsInputAndResumePresentsIt()
    {
        using LineServer server = Serve("127.0.0.1");
        using Socket client = server.Connect();
        client.Send("pause\none\ntwo\npart"u8);
        Assert.Equal("pause", LineServer.ReadLine(client));
        client.Send("ly\n"u8);
        Thread.Sleep(30);
        Assert.Equal(0, client.Available);
        server.OnLoop(() =>
        {
            foreach (Connection connection in server.Handler.Open)
            {
                connection.ResumeReading();
            }
            return 0;
        });
        Assert.Equal("one", LineServer.ReadLine(client));
        Assert.Equal("two", LineServer.ReadLine(client));
        Assert.Equal("partly", LineServer.ReadLine(client));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public void APausedPeerThatLeavesIsClosed(string transport)
    {
        using LineServer server = Serve(transport);
        foreach (bool atOnce in new[] { true, false })
        {
            int closed = server.ClosedCount;
            using Socket client = server.Connect();
            client.Send("pause\nmore\n"u8);
            if (!atOnce)
            {
                Assert.Equal("pause", LineServer.ReadLine(client));
            }
            client.Shutdown(SocketShutdown.Send);
            Patience.Until(() => server.ClosedCount == closed + 1);
        }
    }

    [Fact]
    public void TicksComeAsWanted()
    {
        using LineServer server = Serve("127.0.0.1", handler => handler.OnTick = () => 10);
        long started = Environment.TickCount64;
        int before = server.Handler.TickCount;
        Patience.Until(() => server.Handler.TickCount >= before + 10);
        Assert.InRange(server.Handler.TickCount - before, 10, ((Environment.TickCount64 - started + 20) / 10) + 2);
    }

    [Fact]
    public void ATickCanBeHastened()
    {
        using LineServer server = Serve("127.0.0.1", handler => handler.OnTick = () => 1_000_000);
        Patience.Until(() => server.Handler.TickCount == 1);
        server.OnLoop(() =>
        {
            server.Loop.TickWithin(20);
            return 0;
        });
        Patience.Until(() => server.Handler.TickCount == 2);
    }
}
