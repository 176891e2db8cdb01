using System.Globalization;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>
/// Keeps maxclients within what the system lets the process open, since every client on a socket is a descriptor. Each server counts for
/// itself: several in one process may have fewer than each believes.
/// </summary>
internal sealed class DescriptorLimit(ClientSettings settings, ServerLog log)
{
    /// <summary>Descriptors that are not clients: listeners, epoll, logs.</summary>
    private const int ReservedDescriptors = 32;

    /// <summary>Descriptors of connections that are no clients yet, while they agree on how to encrypt.</summary>
    public int HandshakeCount { get; init; }

    /// <summary>Descriptors of connections that are no clients at all.</summary>
    public int OtherCount { get; init; }

    /// <summary>At the start: raises the process' limit, and lets fewer clients in where that does not suffice.</summary>
    public void Apply()
    {
        settings.MaxClients.Apply = Check;
        long wanted = settings.MaxClients.Value + ReservedDescriptors;
        long limit = ProcessFacts.RaiseOpenFilesLimit(wanted + HandshakeCount + OtherCount);
        if (limit >= wanted)
        {
            return;
        }
        long fitting = Math.Max(limit - ReservedDescriptors, 1);
        log.Write(
            LogLevel.Warning,
            $"The system allows {limit} open files, too few for maxclients {settings.MaxClients.Value}: it is lowered to {fitting}. "
                + "Raise 'ulimit -n' to serve more.");
        settings.MaxClients.Set([fitting.ToString(CultureInfo.InvariantCulture)]);
    }

    /// <summary>For CONFIG SET, which lowers nothing by itself.</summary>
    private string? Check()
    {
        long wanted = settings.MaxClients.Value + ReservedDescriptors;
        long limit = ProcessFacts.RaiseOpenFilesLimit(wanted);
        return limit >= wanted
            ? null
            : "The operating system is not able to handle the specified number of clients, try with "
                + (limit - ReservedDescriptors).ToString(CultureInfo.InvariantCulture);
    }
}
