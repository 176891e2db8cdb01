using System.Net;
using System.Net.Sockets;
using System.Text;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>A primary of which the test says every byte, and when it says nothing.</summary>
/// <param name="certificate">Who it is over TLS; null where nothing is encrypted.</param>
internal sealed class FakePrimary(TestCertificate? certificate = null) : IDisposable
{
    public const string Id = "0123456789abcdef0123456789abcdef01234567";

    private readonly Socket _listener = Listen();

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Somebody waits to be accepted.</summary>
    public bool HasCaller => _listener.Poll(0, SelectMode.SelectRead);

    /// <summary>An empty snapshot, as redis-server writes it.</summary>
    public static byte[] EmptySnapshot => [.. "REDIS0010"u8, 0xff, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>A snapshot with one key.</summary>
    public static byte[] SnapshotOf(string key, string value) => SnapshotOf([(key, value)]);

    /// <summary>A snapshot with these keys, and libraries of functions; no text has more than 16,383 bytes.</summary>
    public static byte[] SnapshotOf(IEnumerable<(string Key, string Value)> pairs, params string[] libraries) =>
    [
        .. "REDIS0010"u8, .. libraries.SelectMany(static library => (byte[])[0xf5, .. Text(library)]), 0xfe, 0,
        .. pairs.SelectMany(static pair => (byte[])[0, .. Text(pair.Key), .. Text(pair.Value)]),
        0xff, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    public RespConnection Accept()
    {
        Patience.Until(() => HasCaller, "nobody connects");
        return certificate is null ? RespConnection.Accept(_listener) : RespConnection.AcceptTls(_listener, certificate);
    }

    /// <summary>Accepts somebody, and leaves everything else to the test.</summary>
    public RespConnection AcceptRaw()
    {
        Patience.Until(() => HasCaller, "nobody connects");
        return RespConnection.Accept(_listener);
    }

    /// <summary>Accepts somebody with another certificate.</summary>
    public RespConnection AcceptAs(TestCertificate other)
    {
        Patience.Until(() => HasCaller, "nobody connects");
        return RespConnection.AcceptTls(_listener, other);
    }

    /// <summary>Accepts, and answers up to PSYNC, which it returns.</summary>
    public (RespConnection Link, string Request) AcceptToPsync()
    {
        RespConnection link = Accept();
        while (true)
        {
            string request = Words(link.Read());
            if (request.StartsWith("PSYNC", StringComparison.Ordinal))
            {
                return (link, request);
            }
            link.Send(request == "PING" ? "+PONG\r\n"u8 : "+OK\r\n"u8);
        }
    }

    /// <summary>The same once time has passed, in steps of so many milliseconds, until somebody comes.</summary>
    public (RespConnection Link, string Request) AcceptToPsync(ManualClock clock, int stepMs)
    {
        Patience.Until(() =>
        {
            clock.AdvanceMs(stepMs);
            return HasCaller;
        });
        return AcceptToPsync();
    }

    /// <summary>Accepts, gives it a snapshot with an end mark, and reads its acknowledgement.</summary>
    public RespConnection AcceptToStream(byte[] snapshot, long offset = 0)
    {
        (RespConnection link, _) = AcceptToPsync();
        link.Send(Encoding.ASCII.GetBytes($"+FULLRESYNC {Id} {offset}\r\n$EOF:{Id}\r\n"));
        link.Send(snapshot);
        link.Send(Encoding.ASCII.GetBytes(Id));
        Assert.Equal($"REPLCONF ACK {offset}", NextAcknowledgement(link));
        return link;
    }

    /// <summary>What it says next, but for the line ends that mean that it loads.</summary>
    public static string NextAcknowledgement(RespConnection link)
    {
        link.SkipLineEnds();
        return Words(link.Read());
    }

    public void Dispose() => _listener.Dispose();

    private static Socket Listen()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private static byte[] Text(string text) =>
        [(byte)(0x40 | (text.Length >> 8)), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static string Words(Reply request) => string.Join(' ', request.Items.Select(static word => word.Text));
}
