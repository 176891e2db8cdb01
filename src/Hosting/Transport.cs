namespace Bixbite.Hosting;

/// <summary>How clients reach a server.</summary>
public enum Transport
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Within the process (<see cref="ServerInstance.Connect()"/>): no address is opened, whatever the settings say.</summary>
    InProcess,

    /// <summary>By the addresses of the settings, and within the process.</summary>
    Sockets,

    /// <summary>As <see cref="Sockets"/>, but on a TCP port that the system finds free; the setting <c>port</c> then says which.</summary>
    SocketsOnFreePort,
}
