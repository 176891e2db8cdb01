using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Cluster;

/// <summary>Where a node says it is, if that is not where it listens.</summary>
public sealed class AnnounceSettings
{
    private const int PortMax = 65535;
    private const int HostNameMax = 256;
    private const string NodeNameExcluded = "!#$%&()*+;<=>?@[]^{|}~\"'/,:\\";

    public readonly TextSetting Host;
    public readonly TextSetting HostName;
    public readonly TextSetting HumanName;
    public readonly IntSetting Port;
    public readonly IntSetting TlsPort;
    public readonly IntSetting BusPort;

    public AnnounceSettings(Settings settings)
    {
        SettingsSection section = settings["Cluster"];
        Host = section.Add(new TextSetting("cluster-announce-ip")
        {
            Description = "The address that a node says it has.", Check = CheckHost,
        });
        HostName = section.Add(new TextSetting("cluster-announce-hostname")
        {
            Description = "The host name that a node says it has.", Check = CheckHostName,
        });
        HumanName = section.Add(new TextSetting("cluster-announce-human-nodename")
        {
            Description = "A name of the node for people.", Check = CheckNodeName,
        });
        Port = section.Add(PortOf("cluster-announce-port", "The port that a node says it has; 0 is the one it listens on."));
        TlsPort = section.Add(PortOf("cluster-announce-tls-port", "The TLS port that a node says it has; 0 is the one it listens on."));
        BusPort = section.Add(PortOf("cluster-announce-bus-port", "The bus port that a node says it has; 0 is the one it listens on."));
    }

    private static IntSetting PortOf(string name, string description) => new(name, 0, 0, PortMax) { Description = description };

    private static string? CheckHost(string value) =>
        value.Length < HostNameMax && value.All(letter => letter is > ' ' and <= '~' and not ',') ? null : "Invalid address";

    private static string? CheckHostName(string value)
    {
        if (value.Length >= HostNameMax)
        {
            return $"Hostnames must be less than {HostNameMax} characters";
        }
        return value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
            ? null
            : "Hostnames may only contain alphanumeric characters, hyphens or dots";
    }

    private static string? CheckNodeName(string value) =>
        value.Length < HostNameMax
        && value.All(letter => letter is > ' ' and <= '~' && !NodeNameExcluded.Contains(letter, StringComparison.Ordinal))
            ? null
            : "Announced human node name contained invalid character";
}
