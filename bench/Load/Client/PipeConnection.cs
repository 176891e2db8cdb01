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

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private byte[] input = new byte[InputSizeInitial];
    private readonly bool spins;
    private int start;
    private int end;
    private int itemSize;

    public PipeConnection(int port, bool spins = false)
    {
        this.spins = spins;
        socket.NoDelay = true;
        socket.ReceiveTimeout = TimeoutMs;
        socket.SendTimeout = TimeoutMs;
        try
        {
            socket.Connect(IPAddress.Loopback, port);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Something has come that was not read yet.</summary>
    public bool HasInput => end > start || socket.Available > 0;

    public long NullReplies { get; private set; }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[socket.Send(bytes)..];
    }

    public void ReadReplies(int count)
    {
        for (long items = count; items > 0; items--)
        {
            if (ReadItem(out long value) == (byte)'*')
                items += Math.Max(value, 0);
        }
    }

    /// <summary>Receives so many bytes, whatever they say.</summary>
    public void Skip(long byteCount)
    {
        while (byteCount > end - start)
        {
            byteCount -= end - start;
            start = end;
            Receive();
        }

        start += (int)byteCount;
    }

    public long ReadInteger() =>
        ReadItem(out long value) == (byte)':' ? value : throw new IOException("not an integer");

    /// <summary>Sends a command of words and returns the text of its reply, which is no array.</summary>
    public string Call(string command)
    {
        Send(Encoding.ASCII.GetBytes(command + "\r\n"));
        byte type = ReadItem(out long value);
        return type switch
        {
            (byte)'$' => Encoding.UTF8.GetString(input, start - (int)value - 2, (int)value),
            (byte)'+' => Encoding.UTF8.GetString(input, start - itemSize + 1, itemSize - 3),
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Takes one reply, of an array only its header; returns its type and its number or length.</summary>
    private byte ReadItem(out long value)
    {
        int size;
        while ((size = SizeOfItem(out value)) == Incomplete)
            Receive();
        byte type = input[start];
        if (type == '-')
            throw new IOException($"error reply: {Encoding.UTF8.GetString(input, start, size).TrimEnd()}");
        if (value < 0 && type is (byte)'$' or (byte)'*')
            NullReplies++;
        start += size;
        itemSize = size;
        return type;
    }

    /// <summary>
    /// The bytes of the reply at <see cref="start"/>. Most items of a long array have short headers, so they are read byte by byte.
    /// </summary>
    private int SizeOfItem(out long value)
    {
        ReadOnlySpan<byte> bytes = input.AsSpan(start, end - start);
        value = 0;
        if (bytes.IsEmpty)
            return Incomplete;
        if (bytes[0] is (byte)'+' or (byte)'-')
        {
            int line = bytes.IndexOf((byte)'\n');
            return line < 0 ? Incomplete : line + 1;
        }

        int at = 1;
        bool isNegative = at < bytes.Length && bytes[at] == '-';
        at += isNegative ? 1 : 0;
        for (; at < bytes.Length && bytes[at] != '\r'; at++)
            value = (value * 10) + bytes[at] - '0';
        if (isNegative)
            value = -value;
        int size = at + 2;
        if (bytes[0] == '$' && value >= 0)
            size += (int)value + 2;
        return size <= bytes.Length ? size : Incomplete;
    }

    private void Receive()
    {
        if (start > 0)
        {
            input.AsSpan(start, end - start).CopyTo(input);
            end -= start;
            start = 0;
        }

        if (end == input.Length)
            Array.Resize(ref input, 2 * input.Length);
        int received = spins ? SpinReceive() : socket.Receive(input.AsSpan(end));
        if (received == 0)
            throw new IOException("the server closed the connection");
        end += received;
    }

    private int SpinReceive()
    {
        socket.Blocking = false;
        long started = Stopwatch.GetTimestamp();
        int received;
        SocketError error;
        while ((received = socket.Receive(input.AsSpan(end), SocketFlags.None, out error)) == 0 && error == SocketError.WouldBlock)
        {
            if (Stopwatch.GetElapsedTime(started).TotalMilliseconds > TimeoutMs)
                throw new TimeoutException("no reply in time");
        }

        return error == SocketError.Success ? received : throw new SocketException((int)error);
    }
}
