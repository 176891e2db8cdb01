using System.Text;
using Bixbite.Platform;

namespace Bixbite.Launcher.Health;

/// <summary>The answer to a health check.</summary>
/// <param name="IsAlive">The server has said something.</param>
/// <param name="Text">What it was, or why there is nothing.</param>
internal readonly record struct HealthAnswer(bool IsAlive, string Text);

/// <summary>Asks a server PING and waits for the first line of its answer, for some seconds at most.</summary>
internal static class HealthQuestion
{
    private const int PatienceMs = 5000;
    private const int PauseUs = 1000;
    private const int LineSizeMax = 512;

    public static HealthAnswer Ask(HealthAddress address)
    {
        SocketAddress target = default;
        bool isUnix = address.SocketPath.Length > 0;
        if (!isUnix && !address.TryParse(out target))
        {
            return new HealthAnswer(false, "this address of 'bind' is a name; set 'unixsocket' for checks");
        }
        int descriptor = Sockets.socket(isUnix ? SocketAddress.AF_UNIX : target.Family);
        if (descriptor < 0)
        {
            return new HealthAnswer(false, Errno.Text(-descriptor));
        }
        try
        {
            long startedMs = Environment.TickCount64;
            int result = Insist(
                () => isUnix ? Sockets.connect(descriptor, address.SocketPath) : Sockets.connect(descriptor, target), startedMs);
            result = result is 0 or -Errno.EISCONN ? Insist(() => Sockets.send(descriptor, "PING\r\n"u8), startedMs) : result;
            return result < 0 ? new HealthAnswer(false, Errno.Text(-result)) : Receive(descriptor, address.IsEncrypted, startedMs);
        }
        finally
        {
            _ = Files.close(descriptor);
        }
    }

    private static HealthAnswer Receive(int descriptor, bool isEncrypted, long startedMs)
    {
        byte[] line = new byte[LineSizeMax];
        int length = 0;
        while (length < line.Length && line.AsSpan(0, length).IndexOf((byte)'\n') < 0)
        {
            int count = Insist(() => Sockets.recv(descriptor, line.AsSpan(length)), startedMs);
            if (isEncrypted && count is not -Errno.ETIMEDOUT)
            {
                return new HealthAnswer(true, "TLS is served; 'unixsocket' or 'port' would tell more");
            }
            if (count <= 0)
            {
                return new HealthAnswer(false, count == 0 ? "it has closed the connection" : Errno.Text(-count));
            }
            length += count;
        }
        string text = Encoding.ASCII.GetString(line, 0, length).TrimEnd();
        return new HealthAnswer(text.StartsWith('+') || text.StartsWith('-'), text);
    }

    /// <summary>Tries until it is done or has failed; -ETIMEDOUT if that takes too long.</summary>
    private static int Insist(Func<int> attempt, long startedMs)
    {
        int result;
        while ((result = attempt()) is -Errno.EAGAIN or -Errno.EINPROGRESS or -Errno.EALREADY or -Errno.EINTR)
        {
            if (Environment.TickCount64 - startedMs >= PatienceMs)
            {
                return -Errno.ETIMEDOUT;
            }
            Rest.ForMicroseconds(PauseUs);
        }
        return result;
    }
}
