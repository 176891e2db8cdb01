using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Bixbite.Wire.Harness;

/// <summary>
/// A client without a library in between: what it sends is exactly what the test says, in the pieces the test says, and what it reads are
/// the server's bytes. Every wait ends after <see cref="PatienceMs"/>, so a test fails instead of hanging.
/// </summary>
internal sealed class RespConnection : IDisposable
{
    public const int PatienceMs = Patience.LimitMs;

    private readonly Socket _socket;
    private SslStream? _secured;
    private byte[] _input = new byte[4096];
    private int _inputStart;
    private int _inputEnd;

    private RespConnection(EndPoint endPoint)
    {
        bool isUnix = endPoint is UnixDomainSocketEndPoint;
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            _socket.ReceiveTimeout = PatienceMs;
            _socket.SendTimeout = PatienceMs;
            if (!isUnix)
            {
                _socket.NoDelay = true;
            }
            _socket.Connect(endPoint);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    private RespConnection(Socket socket)
    {
        _socket = socket;
        _socket.ReceiveTimeout = PatienceMs;
        _socket.SendTimeout = PatienceMs;
        _socket.NoDelay = true;
    }

    /// <summary>Bytes that have arrived and were not read.</summary>
    private ReadOnlySpan<byte> Input => _input.AsSpan(_inputStart, _inputEnd - _inputStart);

    public static RespConnection Open(ServerAddress address) => new(address.Tcp);

    public static RespConnection OpenUnix(ServerAddress address) =>
        new(new UnixDomainSocketEndPoint(address.UnixPath ?? throw new InvalidOperationException("the server has no Unix socket")));

    public static RespConnection Open(EndPoint endPoint) => new(endPoint);

    /// <summary>The other side of a connection that a server has begun.</summary>
    public static RespConnection Accept(Socket listener) => new(listener.Accept());

    /// <summary>The same over TLS, with this certificate; fails as .NET's server does where the two cannot agree.</summary>
    public static RespConnection AcceptTls(Socket listener, TestCertificate certificate)
    {
        RespConnection connection = Accept(listener);
        try
        {
            connection._secured = new SslStream(new NetworkStream(connection._socket, ownsSocket: true));
            connection._secured.AuthenticateAsServer(certificate.Certificate);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Over TLS; fails as .NET's client does where the two cannot agree.</summary>
    public static RespConnection OpenTls(EndPoint endPoint, SslClientAuthenticationOptions options)
    {
        RespConnection connection = new(endPoint);
        try
        {
            connection._secured = new SslStream(new NetworkStream(connection._socket, ownsSocket: true));
            connection._secured.AuthenticateAsClient(options);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What was agreed on; null where nothing is encrypted.</summary>
    public SslStream? Secured => _secured;

    /// <summary>Sends the bytes as they are, also where others are encrypted.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (_secured is not null)
        {
            _secured.Write(bytes);
            return;
        }
        SendRaw(bytes);
    }

    /// <summary>
    /// Sends the bytes again and again without reading, until as much was sent or nothing moves any more; returns how much it was.
    /// </summary>
    public long Flood(ReadOnlySpan<byte> bytes, long sizeMax, int stillnessMs)
    {
        long sent = 0;
        int at = 0;
        while (sent < sizeMax && _socket.Poll(stillnessMs * 1000, SelectMode.SelectWrite))
        {
            _socket.Blocking = false;
            int size = _socket.Send(bytes[at..], SocketFlags.None, out SocketError error);
            _socket.Blocking = true;
            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                break;
            }
            sent += size;
            at = (at + size) % bytes.Length;
        }

        return sent;
    }

    /// <summary>Sends a command written as for redis-cli.</summary>
    public void Send(string commandLine) => Send(CommandLine.Encode(commandLine));

    /// <summary>Sends a command and reads its reply.</summary>
    public Reply Call(string commandLine)
    {
        Send(commandLine);
        return Read();
    }

    /// <summary>Waits until so many clients wait for something, as the server tells.</summary>
    public void AwaitBlocked(int count) => Patience.Until(
        () => Call("INFO clients").Text.Contains($"blocked_clients:{count}\r\n", StringComparison.Ordinal),
        $"there are not {count} clients that wait");

    /// <summary>Sends a command and reads the bytes of its reply.</summary>
    public byte[] CallRaw(string commandLine)
    {
        Send(commandLine);
        return ReadRaw();
    }

    public Reply Read()
    {
        (Reply reply, int size) = Await();
        Drop(size);
        return reply;
    }

    /// <summary>The bytes of exactly one reply.</summary>
    public byte[] ReadRaw()
    {
        int size = Await().Size;
        byte[] bytes = Input[..size].ToArray();
        Drop(size);
        return bytes;
    }

    /// <summary>A line of a reply, without its end: for replies that are too large to be kept.</summary>
    public string ReadLine()
    {
        int end;
        while ((end = Input.IndexOf("\r\n"u8)) < 0)
        {
            ReceiveMore();
        }
        string line = System.Text.Encoding.Latin1.GetString(Input[..end]);
        Drop(end + 2);
        return line;
    }

    /// <summary>So many bytes.</summary>
    public byte[] ReadBytes(int size)
    {
        while (Input.Length < size)
        {
            ReceiveMore();
        }
        byte[] bytes = Input[..size].ToArray();
        Drop(size);
        return bytes;
    }

    /// <summary>Passes over line ends, until something else has come.</summary>
    public void SkipLineEnds()
    {
        while (Input.IsEmpty || Input[0] == '\n')
        {
            if (Input.IsEmpty)
            {
                ReceiveMore();
            }
            else
            {
                Drop(1);
            }
        }
    }

    /// <summary>All bytes up to this mark, which is read too.</summary>
    public byte[] ReadUpTo(ReadOnlySpan<byte> mark)
    {
        int at;
        while ((at = Input.IndexOf(mark)) < 0)
        {
            ReceiveMore();
        }
        byte[] bytes = Input[..at].ToArray();
        Drop(at + mark.Length);
        return bytes;
    }

    /// <summary>Reads so many bytes, each of which has to be this one, and keeps none.</summary>
    public void Skip(long size, byte expected)
    {
        if (size > _input.Length)
        {
            Array.Resize(ref _input, (int)Math.Max(Math.Min(size, 1 << 18), _input.Length));
        }
        while (size > 0)
        {
            if (Input.IsEmpty)
            {
                ReceiveMore();
            }
            int count = (int)Math.Min(size, Input.Length);
            Assert.Equal(-1, Input[..count].IndexOfAnyExcept(expected));
            Drop(count);
            size -= count;
        }
    }

    /// <summary>Reads a bulk that consists of this byte, and keeps nothing of it; returns its size.</summary>
    public long SkipBulk(byte expected)
    {
        string header = ReadLine();
        Assert.StartsWith("$", header, StringComparison.Ordinal);
        long size = long.Parse(header.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
        Skip(size, expected);
        Assert.Equal("", ReadLine());
        return size;
    }

    /// <summary>Everything up to the close by the server.</summary>
    public byte[] ReadToEnd()
    {
        try
        {
            while (Receive())
            {
            }
        }
        catch (Exception exception) when (
            exception is SocketException { SocketErrorCode: SocketError.ConnectionReset }
            || (_secured is not null && exception is IOException))
        {
            // A reset is how a server closes that has not read all its input.
        }

        byte[] bytes = Input.ToArray();
        Drop(bytes.Length);
        return bytes;
    }

    /// <summary>True if the server sends nothing and does not close within that time.</summary>
    public bool IsSilent(int timeMs) => Input.IsEmpty && !_socket.Poll(timeMs * 1000, SelectMode.SelectRead);

    /// <summary>Tells the server that no more will come, and still reads.</summary>
    public void ShutdownSend() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset, as a client that crashed does.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void Dispose()
    {
        _secured?.Dispose();
        _socket.Dispose();
    }

    private (Reply Reply, int Size) Await()
    {
        ReplyEnd end = new();
        while (!end.IsIn(Input))
        {
            ReceiveMore();
        }
        Assert.True(Reply.TryRead(Input, out Reply? reply, out int size));
        return (reply!, size);
    }

    private void ReceiveMore()
    {
        if (!Receive())
        {
            throw new EndOfStreamException("the server closed the connection before its reply was complete");
        }
    }

    private bool Receive()
    {
        if (_inputEnd == _input.Length)
        {
            MakeRoom();
        }
        Span<byte> room = _input.AsSpan(_inputEnd);
        int received = _secured is null ? _socket.Receive(room) : _secured.Read(room);
        _inputEnd += received;
        return received > 0;
    }

    private void MakeRoom()
    {
        byte[] target = Input.Length > _input.Length / 2 ? new byte[_input.Length * 2] : _input;
        Input.CopyTo(target);
        _inputEnd -= _inputStart;
        _inputStart = 0;
        _input = target;
    }

    private void Drop(int size)
    {
        _inputStart += size;
        if (_inputStart == _inputEnd)
        {
            _inputStart = _inputEnd = 0;
        }
    }
}
