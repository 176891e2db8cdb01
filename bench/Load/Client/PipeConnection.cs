using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bixbite.Load.Client;

/// <summary>
/// One connection that sends prepared bytes and counts the replies: integers, simple strings, bulk strings and nulls. An error
/// reply ends the run, since a figure for errors would pass for a figure for commands. A spinning connection never sleeps while it waits,
/// so that what is timed holds no wake-up of the generator's own.
/// </summary>
internal sealed class PipeConnection : IDisposable
{
    private const int TimeoutMs = 30_000;
    private const int LongestReply = 64 * 1024;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] input = new byte[4 * LongestReply];
    private readonly bool spins;
    private int start;
    private int end;

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

    public long NullReplies { get; private set; }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[socket.Send(bytes)..];
    }

    public void ReadReplies(int count)
    {
        for (; count > 0; count--)
            ReadReply();
    }

    public long ReadInteger()
    {
        ReadOnlySpan<byte> reply = ReadReply();
        return reply[0] == ':' && Utf8Parser.TryParse(reply[1..], out long number, out _)
            ? number
            : throw new IOException($"not an integer: {Encoding.UTF8.GetString(reply)}");
    }

    public void Dispose() => socket.Dispose();

    /// <summary>
    /// The next reply, its type byte first and without the line's end; of a bulk string only the header. Valid until the next call.
    /// </summary>
    private ReadOnlySpan<byte> ReadReply()
    {
        int lineEnd;
        while ((lineEnd = input.AsSpan(start, end - start).IndexOf((byte)'\n')) < 0)
            Receive();

        ReadOnlySpan<byte> line = input.AsSpan(start, lineEnd - 1);
        if (line[0] == '-')
            throw new IOException($"error reply: {Encoding.UTF8.GetString(line)}");
        int size = lineEnd + 1;
        if (line[0] == '$')
        {
            if (!Utf8Parser.TryParse(line[1..], out int length, out _))
                throw new IOException($"not a length: {Encoding.UTF8.GetString(line)}");
            if (length < 0)
                NullReplies++;
            else
                size += length + 2;
        }

        while (end - start < size)
            Receive();
        line = input.AsSpan(start, lineEnd - 1);
        start += size;
        return line;
    }

    private void Receive()
    {
        if (start > 0)
        {
            input.AsSpan(start, end - start).CopyTo(input);
            end -= start;
            start = 0;
        }

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
