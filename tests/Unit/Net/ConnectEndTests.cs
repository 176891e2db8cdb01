using System.Net.Sockets;
using Bixbite.Net;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>However an attempt to connect ends, nothing is left of it, and nobody is told twice or after a cancellation.</summary>
[Collection(AloneCollection.Name)]
public sealed class ConnectEndTests
{
    [Fact]
    public void CancelEndsItInEveryStage()
    {
        using SilentPeer silent = new();
        using LineServer server = new();
        using ManualResetEventSlim release = new();
        using OutgoingLoops loops = new();
        int descriptors = ConnectTests.Descriptors();
        ConnectTarget open = ConnectTarget.Tcp("127.0.0.1", server.Listener.Port);
        ConnectAttempt waiting = null!;
        OutgoingLoops.On(loops.Loop, () =>
        {
            waiting = loops.Connect(open, "waiting");
            waiting.Cancel();
        });
        ConnectAttempt resolving = loops.Connect(
            ConnectTarget.Tcp("slow.name", 7) with { Lookup = (_, _, _) => ConnectTests.WaitFor(release) }, "resolving");
        ConnectAttempt connecting = loops.Connect(silent.Target, "connecting");
        loops.Await(resolving, ConnectStage.Resolving);
        loops.Await(connecting, ConnectStage.Connecting);
        OutgoingLoops.On(loops.Loop, () =>
        {
            resolving.Cancel();
            connecting.Cancel();
            connecting.Cancel();
        });
        release.Set();
        loops.Rounds(10);
        Assert.All([waiting, resolving, connecting], static attempt => Assert.Equal(ConnectStage.Cancelled, attempt.Stage));
        Assert.Empty(loops.Handler.Events);
        ConnectAttempt connected = loops.Connect(open, "connected");
        loops.Await(connected, ConnectStage.Connected);
        OutgoingLoops.On(loops.Loop, connected.Cancel);
        Assert.Equal(["opened"], loops.EventsOf("connected"));
        OutgoingLoops.On(loops.Loop, () => Assert.Equal(1, loops.Loop.ConnectionCount));
        loops.Stop();
        Patience.Until(() => server.ClosedCount == server.OpenedCount);
        Patience.Until(() => ConnectTests.Descriptors() <= descriptors);
    }

    [Fact]
    public void TheEndOfTheLoopEndsEveryStage()
    {
        using SilentPeer silent = new();
        using ManualResetEventSlim release = new();
        int descriptors = ConnectTests.Descriptors();
        OutgoingLoops loops = new();
        loops.Handler.OnFailed = failed => Assert.Equal(ConnectStage.Cancelled, loops.Connect(silent.Target).Stage);
        ConnectAttempt resolving = loops.Connect(
            ConnectTarget.Tcp("slow.name", 7) with { Lookup = (_, _, _) => ConnectTests.WaitFor(release) }, "resolving");
        ConnectAttempt connecting = loops.Connect(silent.Target, "connecting");
        loops.Await(resolving, ConnectStage.Resolving);
        loops.Await(connecting, ConnectStage.Connecting);
        OutgoingLoops.On(loops.Loop, () =>
        {
            loops.Connect(silent.Target, "waiting");
            loops.Loop.Stop();
        });
        loops.Stop();
        string[] ends = [.. loops.Handler.Events.Select(static each => $"{each.Name} {each.Event}").Order(StringComparer.Ordinal)];
        Assert.Equal(3, ends.Length);
        Assert.All(ends, static end => Assert.EndsWith(": Operation canceled", end, StringComparison.Ordinal));
        Assert.Equal(ConnectStage.Cancelled, loops.Connect(silent.Target).Stage);
        loops.Dispose();
        release.Set();
        Patience.Until(() => ConnectTests.Descriptors() <= descriptors);
    }

    [Fact]
    public void ALoopThatNeverRanTellsOfTheEndToo()
    {
        OutgoingHandler handler = new();
        EventLoop loop = new(handler, Bixbite.Platform.SystemClock.Instance);
        loop.Connect(ConnectTarget.Unix("/nowhere"), handler, "a");
        ConnectAttempt cancelled = loop.Connect(ConnectTarget.Unix("/nowhere"), handler, "b");
        cancelled.Cancel();
        loop.Dispose();
        Assert.Equal([("a", "failed: /nowhere: connect: Operation canceled")], handler.Events);
        Assert.Equal(ConnectStage.Cancelled, cancelled.Stage);
    }

    [Fact]
    public void AThousandAtOnceAreServed()
    {
        const int count = 1000;
        int descriptors = ConnectTests.Descriptors();
        using (LineServer server = new(loopCount: 2))
        using (OutgoingLoops loops = new(count: 4))
        {
            using Socket refusing = OutgoingLoops.Refusing(out int refusedPort);
            ConnectTarget[] targets =
            [
                ConnectTarget.Tcp("127.0.0.1", server.Listener.Port),
                ConnectTarget.Tcp("127.0.0.1", refusedPort),
                ConnectTarget.To(server.Service),
                ConnectTests.NamedTarget(("127.0.0.1", refusedPort), ("127.0.0.1", server.Listener.Port)),
            ];
            foreach (OutgoingHandler handler in loops.Handlers)
            {
                handler.OnOpened = static connection => connection.Write("hello\n"u8);
            }
            for (int index = 0; index < count; index++)
            {
                loops.Loops[index % 3].Connect(targets[index % targets.Length], loops.Handlers[index % 3], index);
            }
            int Told() => loops.Handlers.Sum(static handler => handler.Events.Count(static each => each.Event is "opened" or ['f', ..]));
            Patience.Until(() => Told() == count);
            Patience.Until(() => loops.Handlers.Sum(static handler => handler.CountOf("<hello\n")) == count * 3 / 4);
            for (int index = 0; index < count; index++)
            {
                string expected = index % targets.Length == 1 ? $"failed: 127.0.0.1:{refusedPort}: connect: Connection refused" : "opened";
                Assert.Equal(expected, loops.EventsOf(index).First());
            }
            loops.Stop();
            Patience.Until(() => server.ClosedCount == server.OpenedCount);
        }
        Patience.Until(() => ConnectTests.Descriptors() <= descriptors);
    }

    /// <summary>Who has the lock, on whichever loop, may cancel: after that the handler is not told, whatever was under way.</summary>
    [Fact]
    public void ACancellationByAnotherLoopHoldsAtOnce()
    {
        const int count = 2000;
        using LineServer server = new();
        using OutgoingLoops loops = new(count: 2);
        ConnectTarget[] targets = [ConnectTarget.Tcp("127.0.0.1", server.Listener.Port), ConnectTarget.To(server.Service)];
        int cancelledCount = 0;
        for (int index = 0; index < count; index++)
        {
            object name = index;
            ConnectAttempt Begin() => loops.Loops[1].Connect(targets[index % 2], loops.Handlers[1], name);
            // Now and then with the lock, so that nobody can be told before, however slow this thread is.
            ConnectAttempt? attempt = index % 50 < 2 ? null : Begin();
            string[] before = [];
            OutgoingLoops.On(loops.Loop, () =>
            {
                attempt ??= Begin();
                before = [.. loops.EventsOf(name)];
                attempt.Cancel();
            });
            loops.Rounds(2);
            if (before.Length == 0)
            {
                cancelledCount++;
                Assert.Empty(loops.EventsOf(name));
                loops.Await(attempt!, ConnectStage.Cancelled);
            }
            else
            {
                Assert.Equal("opened", before[0]);
            }
            if (index % 100 == 99)
            {
                loops.Handlers[1].Events.Clear();
            }
        }
        Assert.InRange(cancelledCount, count / 25, count);
        loops.Stop();
        Assert.Empty(loops.Handlers[1].Mistakes);
    }
}
