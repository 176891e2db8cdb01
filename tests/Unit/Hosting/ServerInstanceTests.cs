using System.Net.Sockets;
using Bixbite.Configuration.Kinds;
using Bixbite.Hosting;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Unit.Net;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Hosting;

/// <summary>A server begins and ends as its owner wants, gives everything back, and tells what went wrong in a sentence.</summary>
[Collection(AloneCollection.Name)]
public sealed class ServerInstanceTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DataLivesFromOneServerToTheNext()
    {
        await using (ServerInstance first = await ServerInstance.StartAsync(Options(), Cancellation))
        {
            using InProcessStream client = InProcessServer.Connect(first);
            Assert.Equal("+OK", InProcessServer.Call(client, "SET key value"));
            await first.ShutdownAsync();
            Assert.True(first.Completion.IsCompletedSuccessfully);
            Assert.Equal(0, first.ExitCode);
        }
        await using (ServerInstance second = await ServerInstance.StartAsync(Options(), Cancellation))
        {
            using InProcessStream client = InProcessServer.Connect(second);
            Assert.Equal("value", InProcessServer.Call(client, "GET key"));
            Assert.Equal("+OK", InProcessServer.Call(client, "SET key lost"));
        }
        await using ServerInstance third = await ServerInstance.StartAsync(Options(), Cancellation);
        using InProcessStream reader = InProcessServer.Connect(third);
        Assert.Equal("value", InProcessServer.Call(reader, "GET key"));
    }

    [Fact]
    public async Task DataThatCannotBeLoadedIsToldAndLeft()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "dump.rdb"), "no snapshot at all");
        ServerStartException failure = await Assert.ThrowsAsync<ServerStartException>(
            () => ServerInstance.StartAsync(Options(), Cancellation));
        Assert.StartsWith("The data cannot be loaded: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("; put a sound file in its place, or move it away to start without its data.", failure.Message);
        Assert.Equal("no snapshot at all", File.ReadAllText(Path.Combine(_folder.Path, "dump.rdb")));
        using ServerInstance server = ServerInstance.Create(Options());
        server.Start();
        await server.Completion;
        Assert.Equal(1, server.ExitCode);
    }

    [Fact]
    public async Task AnAddressThatIsTakenIsToldAndLeavesNothing()
    {
        using Socket taken = OutgoingLoops.Refusing(out int port);
        taken.Listen();
        int descriptors = ConnectTests.Descriptors();
        ServerOptions Taken() => new ServerOptions { Transport = Transport.Sockets }.Set("port", $"{port}").Set("bind", "127.0.0.1");
        ServerStartException failure = await Assert.ThrowsAsync<ServerStartException>(
            () => ServerInstance.StartAsync(Taken(), Cancellation));
        Assert.Equal(
            $"Could not create server TCP listening socket 127.0.0.1:{port}: bind: Address already in use; "
                + "choose another port or address, or stop what listens there.",
            failure.Message);
        Patience.Until(() => ConnectTests.Descriptors() <= descriptors);
        failure = Assert.Throws<ServerStartException>(
            ServerInstance.Create(new ServerOptions { Transport = Transport.Sockets }.Set("port", "0")).Listen);
        Assert.StartsWith("Configured to not listen anywhere", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AServerThatCannotBeMadeLeavesNothing()
    {
        int descriptors = ConnectTests.Descriptors();
        for (int count = 0; count < 20; count++)
        {
            Assert.Throws<ServerStartException>(() => ServerInstance.Create(Options().Set("rename-command", "get set")));
        }
        Patience.Until(() => ConnectTests.Descriptors() <= descriptors);
    }

    [Fact]
    public async Task SocketsAreServedBesideThePipes()
    {
        string path = Path.Combine(_folder.Path, "s");
        ServerOptions options = Options().Set("port", "0").Set("unixsocket", path).Set("io-threads", "2");
        options.Transport = Transport.Sockets;
        using ServerInstance server = ServerInstance.Create(options);
        server.Listen();
        using Socket early = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        early.ReceiveTimeout = Patience.LimitMs;
        early.Connect(new UnixDomainSocketEndPoint(path));
        early.Send("PING\r\n"u8);
        using InProcessStream client = InProcessServer.Connect(server);
        server.Start();
        await server.Ready.WaitAsync(Cancellation);
        Assert.Equal("+PONG\r", LineServer.ReadLine(early));
        Assert.Equal("+PONG", InProcessServer.Call(client, "PING"));
        Assert.Throws<InvalidOperationException>(server.Start);
        server.Listen();
    }

    [Fact]
    public async Task AClientMayEndIt()
    {
        await using ServerInstance server = await ServerInstance.StartAsync(Options().Set("save", ""), Cancellation);
        using InProcessStream client = InProcessServer.Connect(server);
        client.Write("SHUTDOWN NOSAVE\r\n"u8);
        await server.Completion.WaitAsync(Cancellation);
        Assert.Equal(-1, client.ReadByte());
        using InProcessStream late = InProcessServer.Connect(server);
        Assert.Equal(-1, late.ReadByte());
        await server.ShutdownAsync();
    }

    [Fact]
    public async Task WhereSavingFailsTheServerGoesOn()
    {
        await using ServerInstance server = await ServerInstance.StartAsync(Options(), Cancellation);
        using InProcessStream client = InProcessServer.Connect(server);
        Assert.Equal("+OK", InProcessServer.Call(client, "SET key value"));
        Directory.Delete(_folder.Path, recursive: true);
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.ShutdownAsync(SignalShutdown.Save));
        Assert.False(server.IsTerminating);
        Assert.Equal("value", InProcessServer.Call(client, "GET key"));
        await server.ShutdownAsync(SignalShutdown.Save | SignalShutdown.Force);
        Directory.CreateDirectory(_folder.Path);
    }

    [Fact]
    public async Task DisposingIsRightInEveryState()
    {
        ServerInstance made = ServerInstance.Create(Options());
        using InProcessStream waiting = InProcessServer.Connect(made);
        made.Dispose();
        made.Dispose();
        Assert.Equal(-1, waiting.ReadByte());
        Assert.Throws<ObjectDisposedException>(made.Start);
        ServerInstance started = ServerInstance.Create(Options().Set("io-threads", "4"));
        started.Start();
        await started.DisposeAsync();
        started.Dispose();
        Assert.True(started.Completion.IsCompletedSuccessfully);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ServerInstance.StartAsync(Options(), cancelled.Token));
    }

    [Fact]
    public async Task AServerCannotDisposeItselfButStop()
    {
        using ServerInstance server = ServerInstance.Create(Options());
        TaskCompletionSource<Exception?> told = new();
        server.Loaded += () =>
        {
            told.SetResult(Record.Exception(server.Dispose));
            server.Stop();
        };
        server.Start();
        Assert.IsType<InvalidOperationException>(await told.Task.WaitAsync(Cancellation));
        await server.Completion.WaitAsync(Cancellation);
    }

    /// <summary>A mistake within ends that server, is told, and harms nobody else.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task AFailureWithinEndsTheServerAlone(string threads)
    {
        await using ServerInstance other = await ServerInstance.StartAsync(Options().Set("save", ""), Cancellation);
        int descriptors = ConnectTests.Descriptors();
        ServerInstance failing = await ServerInstance.StartAsync(Options().Set("save", "").Set("io-threads", threads), Cancellation);
        using InProcessStream orphan = InProcessServer.Connect(failing);
        Assert.Equal("+PONG", InProcessServer.Call(orphan, "PING"));
        failing.Post(static () => throw new InvalidDataException("a mistake"));
        InvalidDataException failure = await Assert.ThrowsAsync<InvalidDataException>(() => failing.Completion.WaitAsync(Cancellation));
        Assert.Equal("a mistake", failure.Message);
        Assert.Throws<IOException>(() => orphan.ReadByte());
        Assert.Throws<IOException>(() => orphan.Write("PING\r\n"u8));
        await failing.DisposeAsync();
        Assert.Throws<IOException>(() => orphan.ReadByte());
        Patience.Until(() => ConnectTests.Descriptors() <= descriptors);
        using InProcessStream client = InProcessServer.Connect(other);
        Assert.Equal("+PONG", InProcessServer.Call(client, "PING"));
    }

    public void Dispose() => _folder.Dispose();

    private ServerOptions Options() => new() { Disk = new FolderDisk(_folder.Path) };
}
