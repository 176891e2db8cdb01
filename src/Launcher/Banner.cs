using System.Globalization;
using Bixbite.Engine.Lifecycle;
using Bixbite.Hosting;
using Bixbite.Logging;

namespace Bixbite.Launcher;

/// <summary>
/// The first lines a person sees when the server starts. Tools look for the words <c>PID:</c>, <c>Server initialized</c> and <c>Ready to
/// accept connections</c>.
/// </summary>
internal static class Banner
{
    public static void Show(ServerLog log, NetworkSettings settings)
    {
        string port = settings.Port.Value.ToString(CultureInfo.InvariantCulture);
        log.Write(LogLevel.Notice, $"Bixbite {ServerIdentity.Version} is starting (as Redis {ServerIdentity.RedisVersion})");
        log.WriteRaw(
            $"""

                   ______
                  /\    /\      Bixbite {ServerIdentity.Version} (64 bit)
                 /  \  /  \
                /____\/____\    Running in standalone mode
                \    /\    /    Port: {port}
                 \  /  \  /     PID: {Environment.ProcessId}
                  \/____\/


            """);
    }

    public static void ShowReady(ServerLog log, NetworkSettings settings, int port, int tlsPort)
    {
        if (port != 0)
        {
            log.Write(LogLevel.Notice, "Ready to accept connections tcp");
        }
        if (tlsPort != 0)
        {
            log.Write(LogLevel.Notice, "Ready to accept connections tls");
        }
        if (settings.UnixSocket.Value.Length > 0)
        {
            log.Write(LogLevel.Notice, "Ready to accept connections unix");
        }
    }
}
