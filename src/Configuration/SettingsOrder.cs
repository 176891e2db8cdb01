namespace Bixbite.Configuration;

/// <summary>
/// Where the sections of settings stand in the documentation and in what CONFIG REWRITE adds, whichever module comes first. A heading that
/// is not here comes after all others.
/// </summary>
internal static class SettingsOrder
{
    private static readonly string[] s_headings =
    [
        "Network", "Clients", "Protocol", "Memory", "Defragmentation", "Lazy freeing", "Expiry", "Encodings of values", "Observability",
        "Machine", "Server", "Logging", "Persistence", "Append-only file", "Replication", "Cluster", "TLS", "HTTP", "Telemetry",
        "Access control and scripts", "For tests of the server",
    ];

    public static int PlaceOf(string heading)
    {
        int place = Array.IndexOf(s_headings, heading);
        return place < 0 ? s_headings.Length : place;
    }
}
