using System.Globalization;
using Bixbite.Net.Channels;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>Where a connection outwards leads, and how it is made. Many attempts may share one.</summary>
public sealed record ConnectTarget
{
    /// <summary>The time for an attempt where nothing else is said.</summary>
    public const int DefaultTimeoutMs = 5000;

    private const int DefaultKeepAliveSeconds = 300;

    private ConnectTarget()
    {
    }

    /// <summary>Milliseconds for all of it, the name's lookup included; negative for no limit but the kernel's.</summary>
    public int TimeoutMs { get; init; } = DefaultTimeoutMs;

    /// <summary>The address of this machine from which to connect, without a port; null for the kernel's choice. Of TCP only.</summary>
    public string? SourceAddress { get; init; }

    /// <summary>Seconds of silence until the TCP peer is probed, 0 for never.</summary>
    public int KeepAliveSeconds { get; init; } = DefaultKeepAliveSeconds;

    /// <summary>Puts a channel over the one to the peer, as encryption does; called by the loop's thread when it is reached.</summary>
    public Func<ByteChannel, ByteChannel>? Wrap { get; init; }

    /// <summary>Asks for the addresses of a name, on a thread that may wait; null for the loop's transport.</summary>
    internal NameLookup? Lookup { get; init; }

    internal string Host { get; private init; } = "";

    internal int Port { get; private init; }

    internal string? UnixPath { get; private init; }

    internal Service? Service { get; private init; }

    /// <param name="host">"1.2.3.4", "::1" or a name.</param>
    /// <param name="port">1 to 65535.</param>
    public static ConnectTarget Tcp(string host, int port)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        return new ConnectTarget { Host = host, Port = port };
    }

    /// <summary>The Unix socket at a path.</summary>
    public static ConnectTarget Unix(string path) => new() { UnixPath = path };

    /// <summary>A service within this process, by a pipe: no descriptor, and no time to wait for.</summary>
    public static ConnectTarget To(Service service) => new() { Service = service };

    public override string ToString()
    {
        if (Service is not null)
        {
            return "pipe";
        }
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return UnixPath ?? string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
    }
}

/// <summary>Adds the addresses that a name stands for; null, or why there is none. May take long.</summary>
internal delegate string? NameLookup(string host, int port, List<SocketAddress> addresses);
