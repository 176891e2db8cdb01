using System.Net.Sockets;
using System.Text;
using Bixbite.Net;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

public sealed class OutputTests
{
    private static LineServer Limited(OutputLimit limit, IClock? clock = null) =>
        new(setUp: handler => handler.OnOpened = connection => connection.OutputLimit = limit, clock: clock);

    [Fact]
    public void WritesAndRepliesKeepTheirOrder()
    {
        using LineServer server = new();
        using Socket client = server.Connect();
        for (int round = 0; round < 50; round++)
        {
            client.Send("reply\n"u8);
            Assert.Equal("reply", LineServer.ReadLine(client));
            server.OnLoop(() =>
            {
                foreach (Connection connection in server.Handler.Open)
                {
                    connection.Write("first\n"u8);
                    connection.Write("second\n"u8);
                    int start = server.Loop.Output.Length;
                    "third\n"u8.CopyTo(server.Loop.Output.Reserve(6));
                    server.Loop.Output.Advance(6);
                    connection.EndReplies(start);
                    connection.Write("fourth\n"u8);
                }
                return 0;
            });
            foreach (string expected in new[] { "first", "second", "third", "fourth" })
            {
                Assert.Equal(expected, LineServer.ReadLine(client));
            }
        }
    }

    [Fact]
    public void ASlowReaderGetsEverythingInOrder()
    {
        using LineServer server = new();
        using Socket client = server.Connect(8192);
        StringBuilder expected = new();
        for (int index = 0; index < 2000; index++)
        {
            string line = $"{index}:{new string('y', 1000)}\n";
            expected.Append(line);
        }
        Thread sending = LineServer.Send(client, Encoding.ASCII.GetBytes(expected.ToString()));
        Thread.Sleep(100);
        string answer = Encoding.ASCII.GetString(LineServer.ReadAll(client, expected.Length));
        sending.Join();
        Assert.Equal(expected.ToString(), answer);
    }

    [Fact]
    public void AReaderThatNeverReadsIsNotReadEither()
    {
        using LineServer server = new();
        using Socket client = server.Connect(4096);
        client.SendTimeout = 500;
        byte[] requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("big 100000\n", 1000)));
        long sent = 0;
        Assert.Throws<SocketException>(() =>
        {
            while (sent < 256 << 20)
            {
                sent += client.Send(requests);
            }
        });
        // One receive of 64 KiB may hold some 6,000 requests; this handler answers them all at once, the loop reads no second time.
        Assert.True(server.OnLoop(() => server.Handler.LineCount) <= 65536 / 11 + 1);
    }

    [Fact]
    public void TheHardLimitAborts()
    {
        using LineServer server = Limited(new OutputLimit(16 << 20, 0, 0));
        using Socket client = server.Connect(4096);
        client.Send("big 10000000\n"u8);
        Patience.Until(() => server.OnLoop(() => server.Handler.Open.Any(connection => connection.PendingOutput > 0)));
        using Socket greedy = server.Connect(4096);
        greedy.Send("big 40000000\n"u8);
        Patience.Until(() => server.ClosedCount == 1);
        Assert.Equal(1, server.Loop.Statistics.OutputLimitAborts);
        Assert.Equal(10_000_000, LineServer.ReadAll(client, 10_000_000).Length);
    }

    [Fact]
    public void TheSoftLimitAbortsOnlyWhenItLasts()
    {
        ManualClock clock = new();
        using LineServer server = Limited(new OutputLimit(0, 1 << 20, 2), clock);
        using Socket quick = server.Connect();
        quick.Send("big 20000000\n"u8);
        Assert.Equal(20_000_000, LineServer.ReadAll(quick, 20_000_000).Length);
        using Socket slow = server.Connect(4096);
        slow.Send("big 30000000\n"u8);
        Patience.Until(() => server.OnLoop(() => server.Handler.Open.Any(connection => connection.PendingOutput > 1 << 20)));
        clock.AdvanceMs(1999);
        long rounds = server.Loop.Statistics.Rounds;
        Patience.Until(() => server.OnLoop(() => server.Loop.Statistics.Rounds > rounds + 10));
        Assert.Equal(0, server.Loop.Statistics.OutputLimitAborts);
        Patience.Until(() =>
        {
            clock.AdvanceMs(500);
            return server.Loop.Statistics.OutputLimitAborts == 1;
        });
        Patience.Until(() => server.ClosedCount == 1);
        quick.Send("fine\n"u8);
        Assert.Equal("fine", LineServer.ReadLine(quick));
    }

    [Fact]
    public void WritingBeyondTheHardLimitAbortsAtOnce()
    {
        using LineServer server = Limited(new OutputLimit(1000, 0, 0));
        using Socket client = server.Connect();
        Patience.Until(() => server.OpenedCount == 1);
        bool isClosing = server.OnLoop(() =>
        {
            Connection connection = server.Handler.Open.Single();
            connection.Write(new byte[1001]);
            connection.Write("nothing more"u8);
            return connection.IsClosing;
        });
        Assert.True(isClosing);
        Patience.Until(() => server.ClosedCount == 1);
    }
}
