using System.Globalization;
using Bixbite.Configuration;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;

namespace Bixbite.Server;

/// <summary>
/// The first lines a person sees when the server starts. Tools look for the words <c>PID:</c>, <c>Server initialized</c> and <c>Ready to
/// accept connections</c>.
/// </summary>
internal static class Banner
{
    public static void Show(ServerLog log, Settings settings)
    {
        string port = settings.Network.Port.Value.ToString(CultureInfo.InvariantCulture);
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

    public static void ShowReady(ServerLog log, Settings settings, int port)
    {
        if (port != 0)
        {
            log.Write(LogLevel.Notice, "Ready to accept connections tcp");
        }
        if (settings.Network.UnixSocket.Value.Length > 0)
        {
            log.Write(LogLevel.Notice, "Ready to accept connections unix");
        }
    }
}
