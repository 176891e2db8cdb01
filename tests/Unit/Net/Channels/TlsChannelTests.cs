using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Platform.OpenSsl;
using Bixbite.Unit.Platform.OpenSsl;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net.Channels;

/// <summary>Connections over TLS keep all rules of plain ones.</summary>
[Collection(AloneCollection.Name)]
public sealed class TlsChannelTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void LinesComeBack(SslProtocols protocol)
    {
        using TlsServer server = new(loopCount: 2);
        for (int index = 0; index < 6; index++)
        {
            using SslStream client = server.Connect(protocol);
            Assert.Equal(protocol, client.SslProtocol);
            Assert.Equal("hello", Ask(client, "hello"));
            Assert.Equal("again", Ask(client, "again"));
        }
        Assert.Equal(6, server.Acceptor.FullCount + server.Acceptor.ResumedCount);
    }

    [Theory]
    [InlineData(1, SslProtocols.Tls13)]
    [InlineData(2, SslProtocols.Tls12)]
    [InlineData(3, SslProtocols.Tls13)]
    public void EveryByteComesBackHoweverItIsCut(int seed, SslProtocols protocol)
    {
        using TlsServer server = new(setUp: handler => handler.LinesPerRound = seed == 3 ? 2 : int.MaxValue);
        using SslStream client = server.Connect(protocol);
        Random random = new(seed);
        StringBuilder lines = new();
        for (int index = 0; index < 400; index++)
        {
            lines.Append((char)('a' + (index % 26)), random.Next(random.Next(10) == 0 ? 60_000 : 100)).Append('\n');
        }
        byte[] request = Encoding.ASCII.GetBytes(lines.ToString());
        Thread writing = new(() =>
        {
            for (int sent = 0; sent < request.Length;)
            {
                int size = Math.Min(request.Length - sent, random.Next(1, 40_000));
                client.Write(request.AsSpan(sent, size));
                sent += size;
            }
        });
        writing.Start();
        byte[] answer = new byte[request.Length];
        client.ReadExactly(answer);
        writing.Join();
        Assert.Equal(request, answer);
    }

    /// <summary>Records as small as they can be, and far more of them than are decrypted in one visit.</summary>
    [Fact]
    public void ManySmallRecordsAreRead()
    {
        using TlsServer server = new();
        using SslStream client = server.Connect();
        using MemoryStream sent = new();
        for (int index = 0; index < 2000; index++)
        {
            byte[] line = Encoding.ASCII.GetBytes($"{index}\n");
            client.Write(line);
            sent.Write(line);
        }
        byte[] answer = new byte[sent.Length];
        client.ReadExactly(answer);
        Assert.Equal(sent.ToArray(), answer);
    }

    [Fact]
    public void ALargeRequestIsReceived()
    {
        using TlsServer server = new();
        using SslStream client = server.Connect();
        byte[] bytes = new byte[20_000_000];
        new Random(5).NextBytes(bytes);
        long sum = bytes.Sum(static value => (long)value);
        client.Write(Encoding.ASCII.GetBytes($"take {bytes.Length}\n"));
        client.Write(bytes);
        Assert.Equal($"{bytes.Length} {sum}", ReadLine(client));
    }

    /// <summary>A peer that does not read makes the connection keep what it would be sent, and gets all of it when it does.</summary>
    [Fact]
    public void ASlowReaderGetsEverything()
    {
        using TlsServer server = new();
        using SslStream client = TlsServer.Secure(server.Lines.Connect(receiveBufferSize: 4096));
        const int Size = 30_000_000;
        client.Write(Encoding.ASCII.GetBytes($"big {Size}\nend\n"));
        Patience.Until(() => server.Lines.Loop.Heap.UsedBytes > Size / 2);
        byte[] part = new byte[1 << 16];
        long left = Size;
        while (left > 0)
        {
            int count = client.Read(part, 0, (int)Math.Min(part.Length, left));
            Assert.True(count > 0);
            Assert.Equal(-1, part.AsSpan(0, count).IndexOfAnyExcept((byte)'x'));
            left -= count;
        }
        Assert.Equal("end", ReadLine(client));
        Patience.Until(() => server.Lines.Loop.Heap.UsedBytes == 0);
    }

    [Fact]
    public void WhatIsHeldGoesWhenItMay()
    {
        using TlsServer server = new(setUp: handler => handler.OnOpened = connection => connection.Write("welcome\n"u8));
        using SslStream client = server.Connect();
        Assert.Equal("welcome", ReadLine(client));
        Assert.Equal("x", Ask(client, "x"));
    }

    [Fact]
    public async Task EndsAreSaid()
    {
        using TlsServer server = new();
        using (SslStream client = server.Connect())
        {
            client.Write("last\n"u8);
            await client.ShutdownAsync();
            Assert.Equal("last", ReadLine(client));
            Assert.Equal(0, client.Read(new byte[1]));
        }
        using (SslStream client = server.Connect())
        {
            Assert.Equal("bye", Ask(client, "quit"));
            Assert.Equal(0, client.Read(new byte[1]));
        }
        Patience.Until(() => server.Lines.ClosedCount == 2);
    }

    /// <summary>The socket ends in the middle: what was said whole is answered, and the connection is over.</summary>
    [Fact]
    public void AnEndWithoutNoticeIsAnEnd()
    {
        using TlsServer server = new();
        using Socket socket = server.Lines.Connect();
        using SslStream client = TlsServer.Secure(socket);
        client.Write("whole\nhal"u8);
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("whole", ReadLine(client));
        Assert.Equal(0, client.Read(new byte[1]));
        Patience.Until(() => server.Lines.ClosedCount == 1);
    }

    [Fact]
    public void SessionsAreResumed()
    {
        using TlsServer server = new();
        using TlsContext context = TlsPair.ClientContext();
        for (int index = 0; index < 3; index++)
        {
            using SslStream client = server.Connect(SslProtocols.Tls13);
            Assert.Equal("x", Ask(client, "x"));
        }
        Assert.Equal(3, server.Acceptor.ResumedCount + server.Acceptor.FullCount);
        Assert.True(server.Acceptor.ResumedCount >= 1);
    }

    [Fact]
    public void ConnectionsOutwardsAreEncrypted()
    {
        using TlsServer server = new();
        server.Acceptor.Verification = PeerVerification.Required;
        using OutgoingLoops loops = new();
        loops.Handler.OnOpened = connection => connection.Write("greetings\nquit\n"u8);
        TlsConnector connector = new(TlsPair.ClientContext(), "localhost");
        loops.Connect(ConnectTarget.Tcp("127.0.0.1", server.Lines.Listener.Port) with { Wrap = connector.Wrap }, "a");
        Patience.Until(() => loops.Handler.CountOf("closed") == 1);
        Assert.Equal("greetings\nbye\n", loops.Handler.TextOf("a"));
    }

    [Fact]
    public void APeerThatIsNotTrustedIsAFailure()
    {
        using TlsServer server = new();
        TestCertificate other = TestCertificates.Make("other", issuer: null);
        using TlsContext context = TlsPair.ClientContext(options => options with { Trusted = [TlsPair.FileOf(other.Pem)] });
        using OutgoingLoops loops = new();
        ConnectTarget target = ConnectTarget.Tcp("127.0.0.1", server.Lines.Listener.Port) with
        {
            Wrap = new TlsConnector(context, peerName: null).Wrap,
        };
        string outcome = loops.Outcome(target);
        Assert.Contains("certificate verify failed", outcome, StringComparison.Ordinal);
        Assert.Contains("handshake", outcome, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void LaterConnectionsToAPeerResume(bool isNewest, bool isResumable)
    {
        using TlsServer server = new();
        using TlsContext context = TlsPair.ClientContext(
            options => options with { AllowsTls13 = isNewest, IsResumable = isResumable });
        TlsConnector connector = new(context, "localhost");
        using OutgoingLoops loops = new();
        loops.Handler.OnOpened = static connection => connection.Write("greetings\nquit\n"u8);
        for (int count = 1; count <= 5; count++)
        {
            loops.Connect(ConnectTarget.Tcp("127.0.0.1", server.Lines.Listener.Port) with { Wrap = connector.Wrap }, count);
            Patience.Until(() => loops.Handler.CountOf("closed") == count);
            Assert.Equal("greetings\nbye\n", loops.Handler.TextOf(count));
        }
        Assert.Equal(isResumable ? 4 : 0, server.Acceptor.ResumedCount);
        Assert.Equal(isResumable ? 1 : 5, server.Acceptor.FullCount);
    }

    /// <summary>The certificate is for localhost and 127.0.0.1; whoever is called otherwise is somebody else.</summary>
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LocalHost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData(null, true)]
    [InlineData("127.0.0.2", false)]
    [InlineData("::1", false)]
    [InlineData("localhost.example.org", false)]
    [InlineData("host", false)]
    [InlineData(".localhost", false)]
    [InlineData("", false)]
    [InlineData("localhost\0.example.org", false)]
    public void ThePeerHasToBeTheOneThatIsMeant(string? name, bool isMeant)
    {
        using TlsServer server = new();
        using OutgoingLoops loops = new();
        TlsConnector connector = new(TlsPair.ClientContext(), name);
        string outcome = loops.Outcome(ConnectTarget.Tcp("127.0.0.1", server.Lines.Listener.Port) with { Wrap = connector.Wrap });
        Assert.Equal(isMeant, outcome == "opened");
    }

    [Fact]
    public void AnAttemptThatIsNotAnsweredFailsInTime()
    {
        using Socket peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        peer.Listen();
        int port = ((IPEndPoint)peer.LocalEndPoint!).Port;
        using OutgoingLoops loops = new();
        TlsConnector connector = new(TlsPair.ClientContext(), "localhost");
        ConnectAttempt attempt = loops.Connect(
            ConnectTarget.Tcp("127.0.0.1", port) with { Wrap = connector.Wrap, TimeoutMs = 3000 }, "a");
        loops.Await(attempt, ConnectStage.Agreeing);
        loops.AdvanceMs(2900);
        Assert.Equal(ConnectStage.Agreeing, attempt.Stage);
        loops.AdvanceMs(200);
        loops.Await(attempt, ConnectStage.Failed);
        ConnectAttempt second = loops.Connect(
            ConnectTarget.Tcp("127.0.0.1", port) with { Wrap = connector.Wrap, TimeoutMs = 3000 }, "b");
        loops.Await(second, ConnectStage.Agreeing);
        second.Cancel();
        loops.Await(second, ConnectStage.Cancelled);
        Assert.Empty(loops.EventsOf("b"));
    }

    private static string Ask(SslStream client, string line)
    {
        client.Write(Encoding.ASCII.GetBytes(line + "\n"));
        return ReadLine(client);
    }

    private static string ReadLine(SslStream client)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (client.Read(one, 0, 1) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }
        return line.ToString();
    }
}
