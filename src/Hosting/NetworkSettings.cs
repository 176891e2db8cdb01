using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Net.Transports;

namespace Bixbite.Hosting;

public sealed class NetworkSettings
{
    private const int PortMax = 65535;

    public readonly BindSetting Bind;
    public readonly IntSetting Port;
    public readonly TextSetting UnixSocket;
    public readonly OctalSetting UnixSocketPermissions;
    public readonly TextSetting UnixSocketGroup;
    public readonly IntSetting TcpBacklog;
    public readonly IntSetting TcpKeepAliveSeconds;
    public readonly BoolSetting ProtectedMode;
    public readonly IntSetting IoThreads;
    public readonly IntSetting MaxNewConnectionsPerCycle;
    public readonly ChoiceSetting<SocketTransportChoice> SocketTransportName;

    public NetworkSettings(Settings settings)
    {
        SettingsSection section = settings["Network"];
        Bind = section.Add(new BindSetting("bind", "*", "-::*")
        {
            Description = "The addresses to listen on; a leading minus means that it is no error if one does not exist.",
            Flags = SettingFlags.MultiArgument,
        });
        Port = section.Add(new IntSetting("port", 6379, 0, PortMax) { Description = "The TCP port to listen on; 0 is none." });
        UnixSocket = section.Add(new TextSetting("unixsocket")
        {
            Description = "The path of a Unix socket to listen on.", Flags = SettingFlags.Immutable,
        });
        UnixSocketPermissions = section.Add(new OctalSetting("unixsocketperm", 0, 511)
        {
            Description = "The permission bits of the Unix socket; 0 leaves them to the umask.", Flags = SettingFlags.Immutable,
        });
        UnixSocketGroup = section.Add(new TextSetting("unixsocketgroup")
        {
            Description = "The group that the Unix socket belongs to.", Flags = SettingFlags.Immutable,
        });
        TcpBacklog = section.Add(new IntSetting("tcp-backlog", 511, 0, int.MaxValue)
        {
            Description = "How many connections may wait to be accepted; the kernel has a limit of its own.",
            Flags = SettingFlags.Immutable,
        });
        TcpKeepAliveSeconds = section.Add(new IntSetting("tcp-keepalive", 300, 0, int.MaxValue)
        {
            Description = "Seconds of silence after which the kernel probes whether a client is still there; 0 is never.",
        });
        ProtectedMode = section.Add(new BoolSetting("protected-mode", true)
        {
            Description = "Without a password, accept clients of this machine only.",
        });
        IoThreads = section.Add(new IntSetting("io-threads", 1, 1, 128)
        {
            Description = "How many event loops share the connections.", Flags = SettingFlags.Immutable,
        });
        SocketTransportName = section.Add(new ChoiceSetting<SocketTransportChoice>(
            "socket-transport", SocketTransportChoice.Automatic, ("auto", SocketTransportChoice.Automatic),
            ("epoll", SocketTransportChoice.Epoll), ("portable", SocketTransportChoice.Portable))
        {
            Description = "How sockets are waited for: by epoll, which is faster and only Linux has, or by what .NET offers everywhere.",
            Flags = SettingFlags.Immutable,
        });
        MaxNewConnectionsPerCycle = section.Add(new IntSetting("max-new-connections-per-cycle", 10, 1, 1000)
        {
            Description = "A loop accepts what waits, up to a thousand connections a round.", Effect = SettingEffect.NoMeaning,
        });
        section.AddAll(
            new BoolSetting("io-threads-do-reads", false)
            {
                Description = "Event loops always read, parse and write themselves.",
                Flags = SettingFlags.Immutable, Effect = SettingEffect.NoMeaning,
            },
            new IntSetting("events-per-io-thread", 2, 0, int.MaxValue)
            {
                Description = "Event loops share connections, not events.", Effect = SettingEffect.NoMeaning,
            },
            new TextSetting("bind-source-addr")
            {
                Description = "The address that outgoing connections come from.", Effect = SettingEffect.ArrivesLater,
            },
            new LongSetting("socket-mark-id", 0, 0, uint.MaxValue)
            {
                Description = "The mark that listening sockets carry for packet filters.",
                Flags = SettingFlags.Immutable,
                Effect = SettingEffect.SwitchArrivesLater,
            });
    }

    /// <summary>
    /// Called once for a process that is the server's alone, before it has a socket: those of .NET then need no thread of the pool.
    /// </summary>
    public void PrepareProcess()
    {
        if (Transport == SocketTransport.Portable)
        {
            Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        }
    }

    /// <summary>The transport of the loops.</summary>
    internal SocketTransport Transport => SocketTransportName.Value switch
    {
        SocketTransportChoice.Epoll when OperatingSystem.IsLinux() => SocketTransport.Epoll,
        SocketTransportChoice.Automatic => SocketTransport.Standard,
        _ => SocketTransport.Portable,
    };
}

/// <summary>The values of the setting <c>socket-transport</c>.</summary>
public enum SocketTransportChoice
{
    Automatic,
    Epoll,
    Portable,
}
