using System.Net.Sockets;
using System.Text;
using Bixbite.Net;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

public sealed class CrowdTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ThousandsMayComeAndGoAtOnce(int loopCount)
    {
        ProcessFacts.RaiseOpenFilesLimit(20_000);
        using LineServer server = new(loopCount);
        const int count = 3000;
        using Socket steady = server.Connect();
        for (int wave = 0; wave < 2; wave++)
        {
            Socket[] clients = [.. Enumerable.Range(0, count).Select(_ => server.Connect())];
            for (int index = 0; index < count; index++)
            {
                if (index % 3 == 0)
                {
                    clients[index].Send("unread\n"u8);
                }
                if (index % 5 == 0)
                {
                    clients[index].LingerState = new LingerOption(true, 0);
                }
                clients[index].Dispose();
            }
        }
        Patience.Until(() => server.OpenedCount == (2 * count) + 1 && server.ClosedCount == 2 * count);
        steady.Send("still here\n"u8);
        Assert.Equal("still here", LineServer.ReadLine(steady));
    }

    [Fact]
    public void ManyBusyConnectionsFillTheArenaMoreThanOnce()
    {
        using LineServer server = new(loopCount: 2);
        Socket[] clients = [.. Enumerable.Range(0, 64).Select(_ => server.Connect())];
        byte[][] requests = [.. Enumerable.Range(0, 64).Select(index => Lines(index))];
        Thread[] sending = [.. clients.Select((client, index) => LineServer.Send(client, requests[index]))];
        for (int index = 0; index < clients.Length; index++)
        {
            Assert.Equal(requests[index], LineServer.ReadAll(clients[index], requests[index].Length));
        }
        foreach (Thread thread in sending)
        {
            thread.Join();
        }
        foreach (Socket client in clients)
        {
            client.Dispose();
        }
        long size = requests.Sum(request => (long)request.Length);
        Assert.Equal(size, server.Loops.Sum(loop => loop.BytesReceived));
        // A client may have read what its loop has not counted yet.
        Patience.Until(() => server.Loops.Sum(loop => loop.BytesSent) >= size);
        Assert.Equal(size, server.Loops.Sum(loop => loop.BytesSent));
    }

    [Fact]
    public void TheMailboxRunsEveryActionOnceAndInOrder()
    {
        using LineServer server = new();
        const int perThread = 20_000;
        int[] next = new int[4];
        int disorder = 0;
        int foreign = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(thread => new Thread(() =>
        {
            for (int index = 0; index < perThread; index++)
            {
                int mine = index;
                server.Loop.Post(() =>
                {
                    if (!server.Loop.IsCurrent)
                    {
                        foreign++;
                    }
                    if (next[thread]++ != mine)
                    {
                        disorder++;
                    }
                });
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        Patience.Until(() => server.OnLoop(() => next.Sum()) == 4 * perThread);
        Assert.Equal(0, disorder);
        Assert.Equal(0, foreign);
        Assert.False(server.Loop.IsCurrent);
    }

    [Fact]
    public void AStoppedLoopTakesNoMorePosts()
    {
        EventLoop loop = new(new LineHandler(), SystemClock.Instance);
        bool hasRun = false;
        loop.Post(() => hasRun = true);
        loop.Stop();
        loop.Run();
        Assert.True(hasRun);
        Assert.False(loop.Post(() => { }));
        loop.Dispose();
        loop.Dispose();
    }

    private static byte[] Lines(int seed)
    {
        Random random = new(seed);
        StringBuilder lines = new();
        for (int index = 0; index < 3000; index++)
        {
            lines.Append(seed).Append(':').Append('z', random.Next(120)).Append('\n');
        }
        return Encoding.ASCII.GetBytes(lines.ToString());
    }
}
