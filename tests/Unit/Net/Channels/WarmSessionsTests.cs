using System.Net.Sockets;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;
using Bixbite.Unit.Platform.OpenSsl;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net.Channels;

/// <summary>Buffers of records are kept by few, given back at rest, and nobody notices.</summary>
public sealed class WarmSessionsTests
{
    private static readonly byte[] s_line = "a line of text\n"u8.ToArray();

    [Fact]
    public void MoreTalkThanMayKeepBuffers()
    {
        const int count = WarmSessions.CountMax + 50;
        ManualClock clock = new();
        using TlsServer server = new(clock: clock);
        using TlsContext context = TlsPair.ClientContext();
        RawTlsClient[] clients = [.. Enumerable.Range(0, count).Select(_ => Connect(server, context))];
        Random random = new(1);
        for (int turn = 0; turn < 4 * count; turn++)
        {
            RawTlsClient client = clients[turn < 2 * count ? turn % count : random.Next(count)];
            client.Socket.Send(client.Seal(s_line));
            Assert.Equal(s_line, client.Read(s_line.Length));
        }
        Assert.Equal(WarmSessions.CountMax, WarmCount(server));
        Array.ForEach(clients, static client => client.Dispose());
        Patience.Until(() => server.Lines.ClosedCount == count);
        Assert.Equal(0, WarmCount(server));
    }

    [Fact]
    public void WhoIsAtRestGivesThemBack()
    {
        ManualClock clock = new();
        using TlsServer server = new(clock: clock);
        using TlsContext context = TlsPair.ClientContext();
        using RawTlsClient quiet = Connect(server, context);
        using RawTlsClient half = Connect(server, context);
        using RawTlsClient busy = Connect(server, context);
        for (int round = 0; round < 5; round++)
        {
            byte[] record = half.Seal(s_line);
            for (int part = 0; part < record.Length; part += 7)
            {
                half.Socket.Send(record.AsSpan(part, Math.Min(7, record.Length - part)));
                Pass(server, clock);
                busy.Socket.Send(busy.Seal(s_line));
                Assert.Equal(s_line, busy.Read(s_line.Length));
            }
            Assert.Equal(s_line, half.Read(s_line.Length));
            quiet.Socket.Send(quiet.Seal(s_line));
            Assert.Equal(s_line, quiet.Read(s_line.Length));
            Assert.InRange(WarmCount(server), 1, 3);
            for (int second = 0; second < 3; second++)
            {
                Pass(server, clock);
            }
            Assert.Equal(0, WarmCount(server));
        }
    }

    private static RawTlsClient Connect(TlsServer server, TlsContext context)
    {
        Socket socket = server.Lines.Connect();
        socket.NoDelay = true;
        return new RawTlsClient(socket, context).Agree();
    }

    private static int WarmCount(TlsServer server) => server.Lines.OnLoop(() => server.Lines.Loop.Handshakes.Workspace.Warm.Count);

    /// <summary>A second goes by, and the loop has looked after its connections.</summary>
    private static void Pass(TlsServer server, ManualClock clock)
    {
        clock.AdvanceMs(1000);
        for (int round = 0; round < 3; round++)
        {
            server.Lines.OnLoop(static () => 0);
        }
    }
}
