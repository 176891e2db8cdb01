using System.Runtime.CompilerServices;
using System.Text;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net.Channels;

/// <summary>Connections within the process keep all rules of connections on sockets.</summary>
[Collection(AloneCollection.Name)]
public sealed class InProcessTests
{

    [Fact]
    public async Task LinesComeBack()
    {
        using LineServer server = new(loopCount: 2);
        for (int index = 0; index < 4; index++)
        {
            using InProcessStream client = Connect(server);
            client.Write("one\ntwo\n"u8);
            Assert.Equal("one\ntwo\n", Read(client, 8));
            await client.WriteAsync("three\n"u8.ToArray(), TestContext.Current.CancellationToken);
            byte[] answer = new byte[6];
            await client.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
            Assert.Equal("three\n"u8, answer);
        }
        Assert.All(server.Handlers, handler => Assert.Equal(2, handler.OpenedCount));
    }

    [Fact]
    public void DeliveryByteByByteIsLikeDeliveryAtOnce()
    {
        using LineServer server = new();
        using InProcessStream client = Connect(server);
        for (int index = 0; index < 300; index++)
        {
            foreach (byte value in Encoding.ASCII.GetBytes($"line {index}\n"))
            {
                client.WriteByte(value);
            }
            string expected = $"line {index}\n";
            Assert.Equal(expected, Read(client, expected.Length));
        }
    }

    [Fact]
    public async Task BigMessagesTravelBothWays()
    {
        using LineServer server = new();
        using InProcessStream client = Connect(server);
        byte[] body = new byte[5_000_000];
        new Random(1).NextBytes(body);
        long sum = body.Sum(static value => (long)value);
        Task writing = Task.Run(
            () =>
            {
                client.Write("take 5000000\n"u8);
                client.Write(body);
                client.Write("big 7000000\n"u8);
            },
            TestContext.Current.CancellationToken);
        string expected = $"5000000 {sum}\n";
        Assert.Equal(expected, Read(client, expected.Length));
        await writing;
        Assert.Equal(new string('x', 7_000_000), Read(client, 7_000_000));
    }

    [Fact]
    public void APeerThatDoesNotReadIsNotReadEither()
    {
        using LineServer server = new();
        using InProcessStream client = Connect(server);
        client.Write("big 3000000\n"u8);
        Patience.Until(() => server.OnLoop(() => server.Handler.LineCount) == 1);
        client.WriteTimeout = 50;
        byte[] line = Encoding.ASCII.GetBytes(new string('y', 999) + "\n");
        IOException failure = Assert.Throws<IOException>(() =>
        {
            for (int count = 0; count < 10_000; count++)
            {
                client.Write(line);
            }
        });
        Assert.IsType<TimeoutException>(failure.InnerException);
        Assert.Equal(1, server.OnLoop(() => server.Handler.LineCount));
        Assert.Equal(new string('x', 3_000_000), Read(client, 3_000_000));
    }

    [Fact]
    public void TheOutputLimitAborts()
    {
        using LineServer server = new(setUp: handler => handler.OnOpened = each => each.OutputLimit = new OutputLimit(100_000, 0, 0));
        using InProcessStream client = Connect(server);
        client.Write("big 3000000\n"u8);
        Patience.Until(() => server.ClosedCount == 1);
        Assert.Throws<IOException>(() => client.Write("more\n"u8));
        Assert.True(CountToEnd(client) <= PipeBuffer.SizeMax);
    }

    [Fact]
    public void HalfCloseIsAnsweredInFull()
    {
        using LineServer server = new();
        using InProcessStream client = Connect(server);
        client.Write("big 2000000\nlast\n"u8);
        client.CompleteWrites();
        Assert.Equal(2_000_005, CountToEnd(client));
        Patience.Until(() => server.ClosedCount == 1);
        Assert.Throws<IOException>(() => client.Write("x"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pause\n")]
    [InlineData("big 9000000\n")]
    [InlineData("half a line")]
    public void APeerThatLeavesIsClosed(string before)
    {
        using LineServer server = new();
        using (InProcessStream client = Connect(server))
        {
            client.Write(Encoding.ASCII.GetBytes(before));
            if (before.EndsWith('\n'))
            {
                Patience.Until(() => server.OnLoop(() => server.Handler.LineCount) == 1);
            }
        }
        Patience.Until(() => server.ClosedCount == 1);
    }

    [Fact]
    public void APeerThatIsForgottenIsClosed()
    {
        using LineServer server = new();
        Forget(server);
        Patience.Until(() =>
        {
            GC.Collect();
            return server.ClosedCount == 1;
        });
    }

    [Theory]
    [InlineData("quit", "bye\n")]
    [InlineData("abort", null)]
    public void WhenTheServerClosesThePeerReadsTheRest(string line, string? rest)
    {
        using LineServer server = new();
        using InProcessStream client = Connect(server);
        client.Write(Encoding.ASCII.GetBytes(line + "\n"));
        if (rest != null)
        {
            Assert.Equal(rest, Read(client, rest.Length));
        }
        Assert.Equal(0, CountToEnd(client));
        Assert.Throws<IOException>(() =>
        {
            for (int count = 0; count < 1000; count++)
            {
                client.Write(new byte[1000]);
            }
        });
    }

    [Fact]
    public void APausedPeerIsPresentedLater()
    {
        using LineServer server = new();
        using InProcessStream client = Connect(server);
        client.Write("pause\nnext\n"u8);
        Assert.Equal("pause\n", Read(client, 6));
        client.Write("after\n"u8);
        server.OnLoop(() =>
        {
            foreach (Connection each in server.Handler.Open)
            {
                each.ResumeReading();
            }
            return 0;
        });
        Assert.Equal("next\nafter\n", Read(client, 11));
    }

    [Fact]
    public async Task WaitingEndsWhenCancelledOrDisposedOrTooLong()
    {
        using LineServer server = new();
        InProcessStream client = Connect(server);
        using CancellationTokenSource cancellation = new();
        Task<int> reading = client.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        client.ReadTimeout = 1;
        Assert.IsType<TimeoutException>(Assert.Throws<IOException>(() => client.Read(new byte[1])).InnerException);
        client.Write("still\n"u8);
        client.ReadTimeout = Patience.LimitMs;
        Assert.Equal("still\n", Read(client, 6));
        Task<int> last = client.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => last);
        Assert.Throws<ObjectDisposedException>(() => client.Write("x"u8));
    }

    [Fact]
    public void ThousandsMayComeAndGoWithoutADescriptor()
    {
        using LineServer server = new(loopCount: 2);
        int before = DescriptorCount();
        InProcessStream[] clients = [.. Enumerable.Range(0, 5000).Select(_ => Connect(server))];
        foreach (InProcessStream client in clients)
        {
            client.Write("hello\n"u8);
        }
        foreach (InProcessStream client in clients)
        {
            Assert.Equal("hello\n", Read(client, 6));
        }
        Assert.InRange(DescriptorCount(), 0, before + 20);
        foreach (InProcessStream client in clients)
        {
            client.Dispose();
        }
        Patience.Until(() => server.ClosedCount == clients.Length);
    }

    [Fact]
    public void TheirAddressesTellThemApart()
    {
        using LineServer server = new();
        using InProcessStream first = Connect(server);
        using InProcessStream second = Connect(server);
        Patience.Until(() => server.OpenedCount == 2);
        Assert.Equal(
            ["pipe:1 pipe:0 -1 True", "pipe:2 pipe:0 -1 True"],
            server.OnLoop(() => server.Handler.Open
                .Select(each => $"{each.PeerAddress} {each.LocalAddress} {each.Descriptor} {each.IsLocal}").Order().ToArray()));
    }

    [Fact]
    public void ALoopThatNeverRanOrHasEndedClosesThem()
    {
        LineHandler handler = new();
        EventLoop loop = new(handler, SystemClock.Instance);
        Service service = new([loop], _ => handler);
        using InProcessStream early = service.Connect();
        loop.Dispose();
        using InProcessStream late = service.Connect();
        foreach (InProcessStream client in new[] { early, late })
        {
            Assert.Equal(0, client.Read(new byte[1]));
            Assert.Throws<IOException>(() => client.Write("x"u8));
        }
        Assert.Equal(handler.OpenedCount, handler.ClosedCount);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(LineServer server)
    {
        InProcessStream client = Connect(server);
        client.Write("hello\n"u8);
        Assert.Equal("hello\n", Read(client, 6));
    }

    private static InProcessStream Connect(LineServer server)
    {
        InProcessStream client = server.Service.Connect();
        client.ReadTimeout = client.WriteTimeout = Patience.LimitMs;
        return client;
    }

    private static string Read(InProcessStream client, int count)
    {
        byte[] bytes = new byte[count];
        client.ReadExactly(bytes);
        return Encoding.ASCII.GetString(bytes);
    }

    private static int CountToEnd(InProcessStream client)
    {
        byte[] part = new byte[10_000];
        int sum = 0;
        while (client.Read(part) is > 0 and int count)
        {
            sum += count;
        }
        return sum;
    }

    private static int DescriptorCount() => Directory.GetFiles("/proc/self/fd").Length;
}
