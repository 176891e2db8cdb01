namespace Bixbite.Cluster.Document;

/// <summary>Where a node is found.</summary>
/// <param name="Host">The address for clients and other nodes; empty while the node has heard from nobody what it is.</param>
/// <param name="Port">For clients; 0 where only TLS is served.</param>
/// <param name="TlsPort">For clients with TLS, or 0.</param>
/// <param name="BusPort">For other nodes.</param>
/// <param name="HostName">A name that is told to clients as well, or empty.</param>
/// <param name="HumanName">For logs and people, or empty.</param>
public sealed record NodeAddress(string Host, int Port, int TlsPort, int BusPort, string HostName = "", string HumanName = "")
{
    /// <summary>Bytes that a name may have.</summary>
    public const int NameSizeMax = 255;

    /// <summary>Whether both would be reached by the same bus port.</summary>
    public bool IsSameBus(NodeAddress other) => Host.Length > 0 && Host == other.Host && BusPort == other.BusPort;

    /// <summary>Whether it can be kept and shown: names without blanks, commas and control characters, ports that exist.</summary>
    public bool IsValid =>
        IsName(Host) && IsName(HostName) && IsName(HumanName) && IsPort(Port) && IsPort(TlsPort) && IsPort(BusPort);

    private static bool IsPort(int port) => port is >= 0 and <= ushort.MaxValue;

    private static bool IsName(string name) =>
        name.Length <= NameSizeMax && !name.AsSpan().ContainsAnyExceptInRange('!', '~') && !name.Contains(',', StringComparison.Ordinal);
}
