using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Strings;

/// <summary>A server, a client, and what was in use before large arguments came: afterwards it is that again, to the byte.</summary>
internal sealed class LargeArgumentScene : IDisposable
{
    private readonly TestServer _server;
    public LargeArgumentScene(params string[] options)
    {
        _server = TestServer.Start(options);
        Client = _server.Connect();
        Mark();
    }

    public ServerAddress Address => _server.Address;

    /// <summary>The first client, which also looks at what is in use.</summary>
    public RespConnection Client { get; }

    /// <summary>Bytes that are in use beside those of the start.</summary>
    public long HeldBytes => Field("used_memory") - StartBytes;

    /// <summary>Bytes that were in use at the start.</summary>
    public long StartBytes { get; private set; }

    public RespConnection Connect() => _server.Connect();

    /// <summary>The start is now.</summary>
    public void Mark() => StartBytes = Field("used_memory");

    public void AssertReply(string line, params object[] arguments) => AssertReply(Client, line, arguments);

    public void AssertHolds(string key, byte[] value) =>
        Assert.True(Bulk("GET", key).AsSpan().SequenceEqual(value), $"{key} is something else");

    public byte[] Bulk(params object[] arguments)
    {
        Client.Send(Encode(arguments));
        byte[] reply = Client.ReadRaw();
        return reply[(reply.AsSpan().IndexOf((byte)'\n') + 1)..^2];
    }

    /// <summary>Nothing of all that came is left, once only so many clients are there, if that is told.</summary>
    public void AssertReturns(int clients = 0)
    {
        Patience.Until(() => clients == 0 || Field("connected_clients") == clients, "clients are still there");
        Patience.Until(() => HeldBytes == 0, () => $"{HeldBytes} bytes are left");
    }

    public void Dispose()
    {
        Client.Dispose();
        _server.Dispose();
    }

    public static void AssertReply(RespConnection client, string line, params object[] arguments) =>
        Assert.Equal(line, Line(client, arguments));

    public static string Line(RespConnection client, params object[] arguments)
    {
        client.Send(Encode(arguments));
        return client.ReadLine();
    }

    public static byte[] Encode(params object[] arguments) =>
        CommandLine.Encode([.. arguments.Select(each => each as byte[] ?? Encoding.ASCII.GetBytes((string)each))]);

    public static byte[] Random(int seed, int size)
    {
        byte[] bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private long Field(string name) => InfoText.Number(Client, name, "default");
}
