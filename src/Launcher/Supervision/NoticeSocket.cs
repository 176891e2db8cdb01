using System.Text;
using Bixbite.Platform;

namespace Bixbite.Launcher.Supervision;

/// <summary>
/// The socket at which systemd hears of a service: lines of <c>NAME=value</c>, one datagram for each notice, as sd_notify(3) has them.
/// </summary>
internal sealed class NoticeSocket : IDisposable
{
    private readonly int _descriptor;

    private NoticeSocket(int descriptor) => _descriptor = descriptor;

    /// <summary>The socket of that name, as NOTIFY_SOCKET tells it: a path, or behind an @ a name in the abstract namespace.</summary>
    /// <param name="name">As the environment has it.</param>
    /// <param name="problem">Why there is none.</param>
    public static NoticeSocket? Open(string name, out string? problem)
    {
        int descriptor = Sockets.socket(SocketAddress.AF_UNIX, Sockets.SOCK_DGRAM);
        int result = descriptor < 0 ? descriptor : Sockets.connect(descriptor, name.StartsWith('@') ? $"\0{name[1..]}" : name);
        problem = result < 0 ? Errno.Text(-result) : null;
        if (result < 0 && descriptor >= 0)
        {
            _ = Files.close(descriptor);
        }
        return result < 0 ? null : new NoticeSocket(descriptor);
    }

    /// <summary>Sends a notice; one that nobody takes is lost. Any thread.</summary>
    public void Send(string notice) => _ = Sockets.send(_descriptor, Encoding.UTF8.GetBytes(notice));

    public void Dispose() => _ = Files.close(_descriptor);
}
