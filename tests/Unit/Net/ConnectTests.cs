using System.Net.Sockets;
using Bixbite.Net;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>A connection outwards is one like others; one that cannot be had is told of once, with its reason.</summary>
[Collection(AloneCollection.Name)]
public sealed class ConnectTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("::1", "::1")]
    public void BytesGoBothWays(string host, string address)
    {
        using LineServer server = new(address: address);
        using OutgoingLoops loops = new();
        loops.Handler.OnOpened = static connection => connection.Write("one\ntwo\n"u8);
        ConnectAttempt attempt = loops.Connect(ConnectTarget.Tcp(host, server.Listener.Port), "a");
        Patience.Until(() => loops.Handler.TextOf("a") == "one\ntwo\n");
        Assert.Equal(ConnectStage.Connected, attempt.Stage);
    }

    [Fact]
    public void ASocketIsSetUpAndKnowsBothAddresses()
    {
        using LineServer server = new();
        using OutgoingLoops loops = new();
        (int NoDelay, int KeepAlive, int Idle, string Peer, string Local, bool IsLocal) told = default;
        loops.Handler.OnOpened = connection =>
        {
            Sockets.getsockopt(connection.Descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, out int noDelay);
            Sockets.getsockopt(connection.Descriptor, Sockets.SOL_SOCKET, Sockets.SO_KEEPALIVE, out int keepAlive);
            Sockets.getsockopt(connection.Descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPIDLE, out int idle);
            told = (noDelay, keepAlive, idle, connection.PeerAddress, connection.LocalAddress, connection.IsLocal);
        };
        ConnectTarget target = ConnectTarget.Tcp("127.0.0.1", server.Listener.Port) with { KeepAliveSeconds = 60 };
        Assert.Equal("opened", loops.Outcome(target));
        Assert.Equal((1, 1, 60), (told.NoDelay, told.KeepAlive, told.Idle));
        Assert.Equal(($"127.0.0.1:{server.Listener.Port}", true), (told.Peer, told.IsLocal));
        // The kernel connects before the server has accepted.
        Patience.Until(() => server.OpenedCount == 1);
        Assert.Equal(told.Local, server.OnLoop(() => server.Handler.Open.Single().PeerAddress));
        Assert.Equal("opened", loops.Outcome(target with { KeepAliveSeconds = 0 }));
        Assert.Equal(0, told.KeepAlive);
    }

    [Fact]
    public void AUnixSocketIsReachedByItsPath()
    {
        string path = Path.Combine(Path.GetTempPath(), $"bixbite-net-{Guid.NewGuid():N}");
        using LineServer server = new(address: path);
        using OutgoingLoops loops = new();
        bool isUnix = false;
        loops.Handler.OnOpened = connection =>
        {
            isUnix = connection.IsUnixSocket;
            connection.Write("hello\n"u8);
        };
        loops.Connect(ConnectTarget.Unix(path), "a");
        Patience.Until(() => loops.Handler.TextOf("a") == "hello\n");
        Assert.True(isUnix);
    }

    [Fact]
    public void AServiceOfTheProcessIsReachedWithoutADescriptor()
    {
        using LineServer server = new(loopCount: 2);
        using OutgoingLoops loops = new(count: 2);
        int descriptors = Descriptors();
        byte[] request = new byte[300_000];
        Array.Fill(request, (byte)'x');
        request[^1] = (byte)'\n';
        loops.Handler.OnOpened = connection => connection.Write(request);
        for (int index = 0; index < 4; index++)
        {
            loops.Connect(ConnectTarget.To(server.Service), index);
        }
        for (int index = 0; index < 4; index++)
        {
            Patience.Until(() => loops.Handler.TextOf(index).Length == request.Length);
        }
        Assert.All(server.Handlers, static handler => Assert.Equal(2, handler.OpenedCount));
        Assert.True(Descriptors() <= descriptors);
        OutgoingLoops.On(server.Loop, () => server.Handler.Open.ToList().ForEach(static connection => connection.CloseAfterFlush()));
        Patience.Until(() => loops.Handler.CountOf("closed") == 2);
        loops.Stop();
        Patience.Until(() => server.ClosedCount == 4);
    }

    [Fact]
    public void FailuresNameAddressCallAndReason()
    {
        using OutgoingLoops loops = new();
        using Socket refusing = OutgoingLoops.Refusing(out int port);
        ConnectTarget refused = ConnectTarget.Tcp("127.0.0.1", port);
        Assert.Equal($"failed: 127.0.0.1:{port}: connect: Connection refused", loops.Outcome(refused));
        Assert.Equal(
            $"failed: 127.0.0.1:{port}: bind: Cannot assign requested address",
            loops.Outcome(refused with { SourceAddress = "203.0.113.7" }));
        Assert.Equal(
            $"failed: 127.0.0.1:{port}: bind: Cannot assign requested address",
            loops.Outcome(refused with { SourceAddress = "no address" }));
        Assert.StartsWith("failed: no.such.host.invalid:7: getaddrinfo: ", loops.Outcome(ConnectTarget.Tcp("no.such.host.invalid", 7)));
        Assert.StartsWith("failed: :7: getaddrinfo: ", loops.Outcome(ConnectTarget.Tcp("", 7)));
        Assert.Equal("failed: /nowhere/at/all: connect: No such file or directory", loops.Outcome(ConnectTarget.Unix("/nowhere/at/all")));
        string tooLong = "/" + new string('x', 107);
        Assert.Equal($"failed: {tooLong}: connect: File name too long", loops.Outcome(ConnectTarget.Unix(tooLong)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConnectTarget.Tcp("a", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConnectTarget.Tcp("a", 65536));
    }

    [Fact]
    public void TheSourceAddressIsWhereThePeerSeesUs()
    {
        using LineServer server = new();
        using OutgoingLoops loops = new();
        ConnectTarget target = ConnectTarget.Tcp("127.0.0.1", server.Listener.Port) with { SourceAddress = "127.0.0.9" };
        Assert.Equal("opened", loops.Outcome(target));
        Patience.Until(() => server.OpenedCount == 1);
        Assert.StartsWith("127.0.0.9:", server.OnLoop(() => server.Handler.Open.Single().PeerAddress));
        Assert.StartsWith("failed: ", loops.Outcome(target with { SourceAddress = "::1" }));
    }

    [Fact]
    public void AddressesAreTriedInTheirOrder()
    {
        using LineServer server = new();
        using OutgoingLoops loops = new();
        using Socket refusing = OutgoingLoops.Refusing(out int port);
        ConnectTarget target = NamedTarget(("127.0.0.1", port), ("::1", port), ("127.0.0.1", server.Listener.Port));
        Assert.Equal("opened", loops.Outcome(target));
        Assert.Equal("opened", loops.Outcome(target with { SourceAddress = "127.0.0.1" }));
        Assert.Equal(
            $"failed: 127.0.0.2:{port}: connect: Connection refused",
            loops.Outcome(NamedTarget(("127.0.0.1", port), ("127.0.0.2", port))));
        Assert.Equal("failed: a.name:7: getaddrinfo: no address", loops.Outcome(NamedTarget()));
    }

    [Fact]
    public void APeerThatNeverAnswersIsGivenUpInTime()
    {
        using SilentPeer silent = new();
        using OutgoingLoops loops = new();
        ConnectAttempt attempt = loops.Connect(silent.Target with { TimeoutMs = 10_000 }, "a");
        ConnectAttempt patient = loops.Connect(silent.Target with { TimeoutMs = -1 }, "b");
        loops.Await(attempt, ConnectStage.Connecting);
        loops.AdvanceMs(9_999);
        Assert.Empty(loops.EventsOf("a"));
        loops.AdvanceMs(1);
        loops.Await(attempt, ConnectStage.Failed);
        Assert.Equal([$"failed: 127.0.0.1:{silent.Port}: connect: Connection timed out"], loops.EventsOf("a"));
        Assert.Equal(ConnectStage.Connecting, patient.Stage);
    }

    [Fact]
    public void AnAddressThatNeverAnswersLeavesTimeForTheNext()
    {
        using SilentPeer silent = new();
        using LineServer server = new();
        using OutgoingLoops loops = new();
        ConnectTarget target = NamedTarget(("127.0.0.1", silent.Port), ("127.0.0.1", server.Listener.Port)) with { TimeoutMs = 10_000 };
        ConnectAttempt attempt = loops.Connect(target, "a");
        loops.Await(attempt, ConnectStage.Connecting);
        loops.AdvanceMs(4_999);
        Assert.Equal(ConnectStage.Connecting, attempt.Stage);
        loops.AdvanceMs(1);
        loops.Await(attempt, ConnectStage.Connected);
    }

    [Fact]
    public void AUnixSocketWithoutRoomIsAskedAgain()
    {
        using SilentPeer silent = new(Path.Combine(Path.GetTempPath(), $"bixbite-net-{Guid.NewGuid():N}"));
        using OutgoingLoops loops = new();
        ConnectAttempt attempt = loops.Connect(silent.Target, "a");
        ConnectAttempt late = loops.Connect(silent.Target with { TimeoutMs = 5 }, "b");
        loops.Await(attempt, ConnectStage.Connecting);
        loops.Await(late, ConnectStage.Connecting);
        loops.AdvanceMs(10);
        Assert.Equal(ConnectStage.Connecting, attempt.Stage);
        loops.Await(late, ConnectStage.Failed);
        silent.AcceptAll();
        loops.AdvanceMs(10);
        loops.Await(attempt, ConnectStage.Connected);
    }

    [Fact]
    public void ANameThatIsNotAnsweredIsGivenUpInTime()
    {
        using ManualResetEventSlim release = new();
        using OutgoingLoops loops = new();
        ConnectTarget target = ConnectTarget.Tcp("slow.name", 7) with { Lookup = (_, _, _) => WaitFor(release) };
        ConnectAttempt[] attempts = [.. Enumerable.Range(0, 2 * NameResolver.ThreadsMax).Select(index => loops.Connect(target, index))];
        foreach (ConnectAttempt attempt in attempts)
        {
            loops.Await(attempt, ConnectStage.Resolving);
        }
        loops.AdvanceMs(ConnectTarget.DefaultTimeoutMs);
        foreach (ConnectAttempt attempt in attempts)
        {
            loops.Await(attempt, ConnectStage.Failed);
        }
        Assert.Equal(["failed: slow.name:7: getaddrinfo: Connection timed out"], loops.EventsOf(0));
        release.Set();
        loops.Rounds(10);
        Assert.Equal(attempts.Length, loops.Handler.Events.Count);
    }

    [Fact]
    public void APeerMayCloseAtOnce()
    {
        using LineServer server = new(setUp: static handler => handler.OnOpened = static connection => connection.CloseAfterFlush());
        using OutgoingLoops loops = new();
        loops.Connect(ConnectTarget.Tcp("127.0.0.1", server.Listener.Port), "a");
        Patience.Until(() => loops.Handler.CountOf("closed") == 1);
        Assert.Equal(["opened", "closed"], loops.EventsOf("a"));
    }

    [Fact]
    public void APeerMaySpeakFirst()
    {
        using LineServer server = new(setUp: static handler => handler.OnOpened = static connection => connection.Write("welcome"u8));
        using OutgoingLoops loops = new();
        loops.Connect(ConnectTarget.Tcp("127.0.0.1", server.Listener.Port), "a");
        loops.Connect(ConnectTarget.To(server.Service), "b");
        Patience.Until(() => loops.Handler.TextOf("a") == "welcome" && loops.Handler.TextOf("b") == "welcome");
    }

    [Fact]
    public void WhoHasFailedMayTryAgainAtOnce()
    {
        using OutgoingLoops loops = new();
        using Socket refusing = OutgoingLoops.Refusing(out int port);
        ConnectTarget target = ConnectTarget.Tcp("127.0.0.1", port);
        loops.Handler.OnFailed = failed =>
        {
            if ((int)failed.State! < 200)
            {
                loops.Connect(target, (int)failed.State + 1);
            }
        };
        loops.Connect(target, 1);
        Patience.Until(() => loops.Handler.Events.Count == 200);
        loops.Rounds(3);
        Assert.Equal(200, loops.Handler.Events.Count);
    }

    /// <summary>Sockets, event counters and the like; files that the runtime has loaded stay open.</summary>
    internal static int Descriptors() => Directory.GetFiles("/proc/self/fd").Count(
        static path => new FileInfo(path).LinkTarget is { } target && !target.StartsWith('/'));

    /// <summary>A name that stands for these addresses.</summary>
    internal static ConnectTarget NamedTarget(params (string Host, int Port)[] addresses) => ConnectTarget.Tcp("a.name", 7) with
    {
        Lookup = (_, _, found) =>
        {
            foreach ((string host, int port) in addresses)
            {
                Assert.True(SocketAddress.TryParse(host, port, out SocketAddress address));
                found.Add(address);
            }
            return null;
        },
    };

    internal static string WaitFor(ManualResetEventSlim release)
    {
        release.Wait(Patience.LimitMs);
        return "too late";
    }
}
