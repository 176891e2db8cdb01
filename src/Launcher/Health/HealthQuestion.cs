using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bixbite.Launcher.Health;

/// <summary>The answer to a health check.</summary>
/// <param name="IsAlive">The server has said something.</param>
/// <param name="Text">What it was, or why there is nothing.</param>
internal readonly record struct HealthAnswer(bool IsAlive, string Text);

/// <summary>Asks a server PING and waits for the first line of its answer, for some seconds at most.</summary>
internal static class HealthQuestion
{
    private const int PatienceMs = 5000;
    private const int LineSizeMax = 512;

    public static HealthAnswer Ask(HealthAddress address)
    {
        if (address.EndPoint is not { } target)
        {
            return new HealthAnswer(false, "this address of 'bind' is a name; set 'unixsocket' for checks");
        }
        using CancellationTokenSource patience = new(PatienceMs);
        try
        {
            return AskAsync(target, address.IsEncrypted, patience.Token).GetAwaiter().GetResult();
        }
        catch (SocketException failure)
        {
            return new HealthAnswer(false, failure.Message);
        }
        catch (OperationCanceledException)
        {
            return new HealthAnswer(false, "Connection timed out");
        }
    }

    private static async Task<HealthAnswer> AskAsync(EndPoint target, bool isEncrypted, CancellationToken patience)
    {
        bool isUnix = target is UnixDomainSocketEndPoint;
        using Socket socket = new(target.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(target, patience);
        await socket.SendAsync("PING\r\n"u8.ToArray(), patience);
        return await ReceiveAsync(socket, isEncrypted, patience);
    }

    private static async Task<HealthAnswer> ReceiveAsync(Socket socket, bool isEncrypted, CancellationToken patience)
    {
        byte[] line = new byte[LineSizeMax];
        int length = 0;
        while (length < line.Length && line.AsSpan(0, length).IndexOf((byte)'\n') < 0)
        {
            int count = await Receive(socket, line.AsMemory(length), isEncrypted, patience);
            if (isEncrypted)
            {
                return new HealthAnswer(true, "TLS is served; 'unixsocket' or 'port' would tell more");
            }
            if (count == 0)
            {
                return new HealthAnswer(false, "it has closed the connection");
            }
            length += count;
        }
        string text = Encoding.ASCII.GetString(line, 0, length).TrimEnd();
        return new HealthAnswer(text.StartsWith('+') || text.StartsWith('-'), text);
    }

    /// <summary>Where TLS is spoken, a connection that is cut off is an answer too.</summary>
    private static async Task<int> Receive(Socket socket, Memory<byte> target, bool isEncrypted, CancellationToken patience)
    {
        try
        {
            return await socket.ReceiveAsync(target, patience);
        }
        catch (SocketException) when (isEncrypted)
        {
            return 0;
        }
    }
}
