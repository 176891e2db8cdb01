using System.Net.Sockets;
using System.Text;
using FreeRedis;
using FreeRedis.Internal;

namespace Bixbite.Library.Clients;

/// <summary>What FreeRedis takes for a socket, over a stream of a server. A reply that breaks off closes it.</summary>
internal sealed class PipeRedisSocket(BixbiteServer server) : IRedisSocket, IRedisSocketModify
{
    private Stream? _stream;
    private RespHelper.Resp3Reader? _reader;

    public event EventHandler<EventArgs>? Connected;

    public event EventHandler<EventArgs>? Disconnected;

    public string Host => "bixbite";

    public bool Ssl => false;

    public TimeSpan ConnectTimeout { get; set; }

    public TimeSpan ReceiveTimeout { get; set; }

    public TimeSpan SendTimeout { get; set; }

    public Socket Socket => throw new NotSupportedException("There is no socket.");

    public Stream Stream => _stream ?? throw new RedisClientException("The connection is closed.");

    public bool IsConnected => _stream is not null;

    public RedisProtocol Protocol { get; set; } = RedisProtocol.RESP2;

    public Encoding Encoding { get; set; } = Encoding.UTF8;

    public CommandPacket LastCommand { get; private set; } = "NONE";

    public ClientReplyType ClientReply { get; private set; } = ClientReplyType.on;

    public long ClientId { get; private set; }

    public Guid ClientId2 { get; } = Guid.NewGuid();

    public int Database { get; private set; }

    public void Connect()
    {
        _stream = server.Connect();
        _reader = new RespHelper.Resp3Reader(_stream);
        Connected?.Invoke(this, EventArgs.Empty);
    }

    public void Write(CommandPacket cmd)
    {
        byte[] request = Request(cmd);
        Stream.Write(request);
    }

    public async Task WriteAsync(CommandPacket cmd)
    {
        byte[] request = Request(cmd);
        await Stream.WriteAsync(request);
    }

    public RedisResult Read(CommandPacket cmd)
    {
        try
        {
            return _reader!.ReadObject(EncodingOf(cmd));
        }
        catch
        {
            ReleaseSocket();
            throw;
        }
    }

    public async Task<RedisResult> ReadAsync(CommandPacket cmd)
    {
        try
        {
            return await _reader!.ReadObjectAsync(EncodingOf(cmd));
        }
        catch
        {
            ReleaseSocket();
            throw;
        }
    }

    public void ReadChunk(Stream destination, int bufferSize = 1024) => _reader!.ReadBlobStringChunk(destination, bufferSize);

    public Task ReadChunkAsync(Stream destination, int bufferSize = 1024) => _reader!.ReadBlobStringChunkAsync(destination, bufferSize);

    public void ResetHost(string host) => ReleaseSocket();

    public void ReleaseSocket()
    {
        _stream?.Dispose();
        _stream = null;
        Disconnected?.Invoke(this, EventArgs.Empty);
    }

    public void Dispose() => ReleaseSocket();

    void IRedisSocketModify.SetClientReply(ClientReplyType value) => ClientReply = value;

    void IRedisSocketModify.SetClientId(long value) => ClientId = value;

    void IRedisSocketModify.SetDatabase(int value) => Database = value;

    private byte[] Request(CommandPacket command)
    {
        if (!IsConnected)
        {
            Connect();
        }
        LastCommand = command;
        using MemoryStream request = new();
        new RespHelper.Resp3Writer(request, Encoding, Protocol).WriteCommand(command);
        return request.ToArray();
    }

    private Encoding? EncodingOf(CommandPacket? command) => command?._flagReadbytes == true ? null : Encoding;
}
