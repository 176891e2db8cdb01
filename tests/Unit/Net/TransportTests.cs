using System.Net.Sockets;
using System.Text;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Net.Transports;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>Both transports do alike where their ways differ most. All other tests of loops run on either as a whole.</summary>
public sealed class TransportTests
{
    public static TheoryData<bool> IsPortable => [false, true];

    [Theory]
    [MemberData(nameof(IsPortable))]
    public void PeersComeAndGo(bool isPortable)
    {
        using LineServer server = new(loopCount: 2, transport: TransportOf(isPortable));
        for (int round = 0; round < 10; round++)
        {
            List<Socket> clients = [.. Enumerable.Range(0, 100).Select(_ => server.Connect())];
            for (int index = 0; index < clients.Count; index++)
            {
                clients[index].Send(Encoding.ASCII.GetBytes($"line {index}\n"));
                if (index % 4 == 0)
                {
                    // In the midst of everything, and with a reset.
                    clients[index].LingerState = new LingerOption(true, 0);
                    clients[index].Dispose();
                }
            }
            for (int index = 0; index < clients.Count; index++)
            {
                if (index % 4 != 0)
                {
                    Assert.Equal($"line {index}", LineServer.ReadLine(clients[index]));
                    clients[index].Dispose();
                }
            }
        }
        Patience.Until(() => server.OpenedCount == server.ClosedCount);
    }

    [Theory]
    [MemberData(nameof(IsPortable))]
    public void AHalfThatIsClosedIsAnsweredInFull(bool isPortable)
    {
        using LineServer server = new(transport: TransportOf(isPortable));
        using Socket client = server.Connect(receiveBufferSize: 4096);
        StringBuilder lines = new();
        for (int index = 0; index < 20_000; index++)
        {
            lines.Append("a line that is sent back, number ").Append(index).Append('\n');
        }
        byte[] bytes = Encoding.ASCII.GetBytes(lines.ToString());
        Thread sender = new(() =>
        {
            client.Send(bytes);
            client.Shutdown(SocketShutdown.Send);
        });
        sender.Start();
        Assert.Equal(bytes, LineServer.ReadAll(client));
        Assert.True(sender.Join(Patience.LimitMs));
        Patience.Until(() => server.ClosedCount == 1);
    }

    [Theory]
    [MemberData(nameof(IsPortable))]
    public void WhoIsPausedIsMissedWhenHeHasGone(bool isPortable)
    {
        using LineServer server = new(transport: TransportOf(isPortable));
        using Socket quiet = server.Connect();
        using Socket eager = server.Connect();
        Patience.Until(() => server.OpenedCount == 2);
        server.OnLoop(() =>
        {
            foreach (Connection connection in server.Handler.Open)
            {
                connection.PauseReading();
            }
            return 0;
        });
        eager.Send(new byte[50_000]);
        eager.Dispose();
        Patience.Until(() => server.ClosedCount == 1);
        quiet.Dispose();
        Patience.Until(() => server.ClosedCount == 2);
    }

    [Theory]
    [MemberData(nameof(IsPortable))]
    public void WhatCameInAPauseIsReadAfterwards(bool isPortable)
    {
        using LineServer server = new(transport: TransportOf(isPortable));
        using Socket client = server.Connect();
        Patience.Until(() => server.OpenedCount == 1);
        server.OnLoop(() =>
        {
            server.Handler.Open.Single().PauseReading();
            return 0;
        });
        byte[] lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(static index => $"line {index}\n")));
        client.Send(lines);
        client.Shutdown(SocketShutdown.Send);
        // Some rounds, in which the end could be taken for that of the connection.
        for (int round = 0; round < 10; round++)
        {
            server.OnLoop(() => 0);
        }
        if (server.ClosedCount == 0)
        {
            server.OnLoop(() =>
            {
                foreach (Connection connection in server.Handler.Open)
                {
                    connection.ResumeReading();
                }
                return 0;
            });
            Assert.Equal(lines, LineServer.ReadAll(client));
        }
        Patience.Until(() => server.ClosedCount == 1);
    }

    [Theory]
    [MemberData(nameof(IsPortable))]
    public void WhoIsClosedGetsTheLastReplyAndNoReset(bool isPortable)
    {
        using LineServer server = new(transport: TransportOf(isPortable));
        using Socket client = server.Connect();
        client.Send("the last line\n"u8);
        Assert.Equal("the last line", LineServer.ReadLine(client));
        Patience.Until(() => server.OpenedCount == 1);
        // The loop waits for input of this connection now, or is about to.
        server.OnLoop(() =>
        {
            Connection connection = server.Handler.Open.Single();
            connection.Write("and a word of farewell"u8);
            connection.CloseAfterFlush();
            return 0;
        });
        Assert.Equal("and a word of farewell"u8.ToArray(), LineServer.ReadAll(client));
    }

    [Theory]
    [MemberData(nameof(IsPortable))]
    public void UnixSocketsServeAsWell(bool isPortable)
    {
        string path = Path.Combine(Path.GetTempPath(), $"bixbite-transport-{Guid.NewGuid():N}");
        using (LineServer server = new(address: path, transport: TransportOf(isPortable)))
        {
            using Socket client = server.Connect();
            client.Send("by a path\n"u8);
            Assert.Equal("by a path", LineServer.ReadLine(client));
            Assert.Equal(Environment.ProcessId, server.OnLoop(() => server.Handler.Open.Single().PeerCredentials?.ProcessId));
        }
        Assert.False(File.Exists(path));
    }

    [Theory]
    [MemberData(nameof(IsPortable))]
    public void APathBelongsToWhoeverTookItSince(bool isPortable)
    {
        string path = Path.Combine(Path.GetTempPath(), $"bixbite-transport-{Guid.NewGuid():N}");
        SocketTransport transport = TransportOf(isPortable);
        Assert.True(UnixSocketFile.Listen(path, "", 0, 16, transport, out ServerSocket? first, out _).IsBound);
        File.Delete(path);
        Assert.True(UnixSocketFile.Listen(path, "", 0, 16, transport, out ServerSocket? second, out UnixSocketFile? file).IsBound);
        first!.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(File.Exists(path));
        file!.Remove();
        second!.Dispose();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void EventsOfASocketAreToldOnce()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen();
        using Socket peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        peer.Connect(listener.LocalEndPoint!);
        Socket socket = listener.Accept();
        socket.Blocking = false;
        PortableChannel channel = new(socket, default(Bixbite.Platform.SocketAddress));
        Listening user = new();
        channel.Attach(user);
        byte[] room = new byte[16];
        Assert.Equal(new Transfer(0, ChannelNext.Readable), channel.Read(room));
        Assert.Equal(new Transfer(0, ChannelNext.Readable), channel.Read(room));
        peer.Send("abc"u8);
        Patience.Until(() => user.Posted == 1);
        Assert.Equal(ChannelEvents.Readable, user.Take());
        Assert.Equal(new Transfer(3, ChannelNext.Ready), channel.Read(room));
        Assert.Equal(new Transfer(0, ChannelNext.Readable), channel.Read(room));
        channel.EndWriting();
        channel.Close();
        Assert.Equal(0, peer.Receive(room));
    }

    private static SocketTransport TransportOf(bool isPortable) => isPortable ? SocketTransport.Portable : SocketTransport.Epoll;

    private sealed class Listening : IChannelUser
    {
        private readonly Lock _lock = new();
        private readonly List<Action> _posts = [];
        private ChannelEvents _events;

        internal int Posted
        {
            get
            {
                lock (_lock)
                {
                    return _posts.Count;
                }
            }
        }

        internal ChannelEvents Take()
        {
            lock (_lock)
            {
                _posts.ForEach(static post => post());
                _posts.Clear();
                return _events;
            }
        }

        bool IChannelUser.Post(Action action, bool mayRun)
        {
            lock (_lock)
            {
                _posts.Add(action);
                return true;
            }
        }

        void IChannelUser.Note(ChannelEvents events) => _events |= events;
    }
}
