using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bixbite.Load.Client;

/// <summary>
/// One connection that sends prepared bytes and counts the replies: integers, simple strings, bulk strings, nulls, and arrays of them. An
/// error reply ends the run, since a figure for errors would pass for a figure for commands. A spinning connection never sleeps while it
/// waits, so that what is timed holds no wake-up of the generator's own.
/// </summary>
internal sealed class PipeConnection : IDisposable
{
    private const int TimeoutMs = 120_000;
    private const int InputSizeInitial = 256 * 1024;
    private const int Incomplete = -1;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private byte[] _input = new byte[InputSizeInitial];
    private readonly bool _spins;
    private int _start;
    private int _end;
    private int _itemSize;

    public PipeConnection(int port, bool spins = false)
    {
        _spins = spins;
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = TimeoutMs;
        _socket.SendTimeout = TimeoutMs;
        try
        {
            _socket.Connect(IPAddress.Loopback, port);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Something has come that was not read yet.</summary>
    public bool HasInput => _end > _start || _socket.Available > 0;

    public long NullReplies { get; private set; }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Sends as much as the socket takes now, and returns how much that was.</summary>
    public int SendSome(ReadOnlySpan<byte> bytes)
    {
        _socket.Blocking = false;
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        _socket.Blocking = true;
        return error is SocketError.Success or SocketError.WouldBlock ? sent : throw new SocketException((int)error);
    }

    public void ReadReplies(int count)
    {
        for (long items = count; items > 0; items--)
        {
            if (ReadItem(out long value) == (byte)'*')
            {
                items += Math.Max(value, 0);
            }
        }
    }

    /// <summary>Receives so many bytes, whatever they say.</summary>
    public void Skip(long byteCount)
    {
        while (byteCount > _end - _start)
        {
            byteCount -= _end - _start;
            _start = _end;
            Receive();
        }

        _start += (int)byteCount;
    }

    public long ReadInteger() =>
        ReadItem(out long value) == (byte)':' ? value : throw new IOException("not an integer");

    /// <summary>Sends a command of words and returns the text of its reply, which is no array.</summary>
    public string Call(string command)
    {
        Send(Encoding.ASCII.GetBytes(command + "\r\n"));
        return ReadText();
    }

    /// <summary>The same for arguments of any kind.</summary>
    public string Call(string[] arguments)
    {
        StringBuilder request = new($"*{arguments.Length}\r\n");
        foreach (string argument in arguments)
        {
            request.Append(CultureInfo.InvariantCulture, $"${argument.Length}\r\n{argument}\r\n");
        }
        Send(Encoding.ASCII.GetBytes(request.ToString()));
        return ReadText();
    }

    public void Dispose() => _socket.Dispose();

    private string ReadText()
    {
        byte type = ReadItem(out long value);
        return type switch
        {
            (byte)'$' => Encoding.UTF8.GetString(_input, _start - (int)value - 2, (int)value),
            (byte)'+' => Encoding.UTF8.GetString(_input, _start - _itemSize + 1, _itemSize - 3),
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Takes one reply, of an array only its header; returns its type and its number or length.</summary>
    private byte ReadItem(out long value)
    {
        int size;
        while ((size = SizeOfItem(out value)) == Incomplete)
        {
            Receive();
        }
        byte type = _input[_start];
        if (type == '-')
        {
            throw new IOException($"error reply: {Encoding.UTF8.GetString(_input, _start, size).TrimEnd()}");
        }
        if (value < 0 && type is (byte)'$' or (byte)'*')
        {
            NullReplies++;
        }
        _start += size;
        _itemSize = size;
        return type;
    }

    /// <summary>
    /// The bytes of the reply at <see cref="_start"/>. Most items of a long array have short headers, so they are read byte by byte.
    /// </summary>
    private int SizeOfItem(out long value)
    {
        ReadOnlySpan<byte> bytes = _input.AsSpan(_start, _end - _start);
        value = 0;
        if (bytes.IsEmpty)
        {
            return Incomplete;
        }
        if (bytes[0] is (byte)'+' or (byte)'-')
        {
            int line = bytes.IndexOf((byte)'\n');
            return line < 0 ? Incomplete : line + 1;
        }

        int at = 1;
        bool isNegative = at < bytes.Length && bytes[at] == '-';
        at += isNegative ? 1 : 0;
        for (; at < bytes.Length && bytes[at] != '\r'; at++)
        {
            value = (value * 10) + bytes[at] - '0';
        }
        if (isNegative)
        {
            value = -value;
        }
        int size = at + 2;
        if (bytes[0] == '$' && value >= 0)
        {
            size += (int)value + 2;
        }
        return size <= bytes.Length ? size : Incomplete;
    }

    private void Receive()
    {
        if (_start > 0)
        {
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            _end -= _start;
            _start = 0;
        }

        if (_end == _input.Length)
        {
            Array.Resize(ref _input, 2 * _input.Length);
        }
        int received = _spins ? SpinReceive() : _socket.Receive(_input.AsSpan(_end));
        if (received == 0)
        {
            throw new IOException("the server closed the connection");
        }
        _end += received;
    }

    private int SpinReceive()
    {
        _socket.Blocking = false;
        long started = Stopwatch.GetTimestamp();
        int received;
        SocketError error;
        while ((received = _socket.Receive(_input.AsSpan(_end), SocketFlags.None, out error)) == 0 && error == SocketError.WouldBlock)
        {
            if (Stopwatch.GetElapsedTime(started).TotalMilliseconds > TimeoutMs)
            {
                throw new TimeoutException("no reply in time");
            }
        }

        return error == SocketError.Success ? received : throw new SocketException((int)error);
    }
}
