using System.Globalization;
using Bixbite.AccessControl.Authenticating;
using Bixbite.Configuration.Kinds;
using Bixbite.Http;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;
using Bixbite.Tls;

namespace Bixbite.Hosting;

/// <summary>Says in plain words who can reach the server and what they need, for the log of its start.</summary>
internal sealed class Reachability(NetworkSettings network, TlsSettings tls, HttpSettings http, Authentication authentication)
{
    private const int GroupMayConnect = 0b010_000;
    private const int OthersMayConnect = 0b010;

    private static readonly string[] s_wholeFamilies = ["*", "::*", "0.0.0.0", "::"];

    /// <summary>Somebody on another machine may be let in without a password.</summary>
    public bool IsOpenToStrangers => IsOpenToClients || IsOpenToBrowsers;

    /// <summary>The text; the socket is there already.</summary>
    public string Text => $"{Clients()}{Console()}";

    private bool IsOpenToClients => HasOtherMachines && LetsIn && !(network.Port.Value == 0 && NeedsCertificate);

    private bool IsOpenToBrowsers => HttpAddresses.Any(IsOfOthers) && LetsIn && !(tls.Http.Value && NeedsCertificate);

    private bool LetsIn => !TurnsOthersAway && !authentication.IsRequired;

    private IEnumerable<string> Addresses => network.Port.Value == 0 && tls.Port.Value == 0
        ? []
        : Bare(network.Bind);

    private IEnumerable<string> HttpAddresses => http.Port.Value == 0 ? [] : Bare(http.Bind);

    private bool HasOtherMachines => Addresses.Any(IsOfOthers);

    private bool NeedsCertificate => tls.AuthClients.Value == PeerVerification.Required;

    /// <summary>Protected mode, as connections are asked about it.</summary>
    private bool TurnsOthersAway => network.ProtectedMode.Value && authentication.HasDefaultNoPassword;

    private string Clients()
    {
        string[] ways = [.. Ways()];
        return ways.Length == 0 ? "No port is open to clients." : $"Clients reach this server {string.Join(" and ", ways)}. {Needs()}";
    }

    private IEnumerable<string> Ways()
    {
        string[] addresses = [.. Addresses];
        if (addresses.Length > 0)
        {
            string ports = string.Join(" or ", Ports());
            yield return HasOtherMachines
                ? $"from every machine that gets to {ports} of {Named(addresses)}"
                : $"from this machine alone, at {ports} of {Named(addresses)}";
        }
        if (network.UnixSocket.IsSet)
        {
            string path = network.UnixSocket.Value;
            yield return $"by the Unix socket {path}, which {Permitted(path)} may use";
        }
    }

    private IEnumerable<string> Ports()
    {
        if (network.Port.Value != 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"port {network.Port.Value}");
        }
        if (tls.Port.Value != 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"port {tls.Port.Value} (TLS{(NeedsCertificate ? ", with a certificate" : "")})");
        }
    }

    private string Needs()
    {
        if (HasOtherMachines && TurnsOthersAway)
        {
            string rest = authentication.IsRequired ? "Those of this machine have to log in." : "Those of this machine need no password.";
            return $"But protected mode turns clients of other machines away until a password is set. {rest}";
        }
        if (authentication.IsRequired)
        {
            return "They have to log in.";
        }
        return IsOpenToClients
            ? "They need no password, also those of other machines: set one by requirepass, or switch protected-mode on."
            : "They need no password.";
    }

    /// <summary>Where a browser finds the console, and who else does.</summary>
    private string Console()
    {
        string[] addresses = [.. HttpAddresses];
        if (addresses.Length == 0)
        {
            return "";
        }
        bool isHere = addresses.Any(static address => !IsOfOthers(address) || s_wholeFamilies.Contains(address));
        string host = isHere ? "localhost" : addresses[0];
        string others = !addresses.Any(IsOfOthers) ? ""
            : TurnsOthersAway ? ", also for other machines once a password is set"
            : IsOpenToBrowsers ? ", also for other machines, without a password: set one by requirepass, or switch protected-mode on"
            : ", also for other machines";
        string scheme = tls.Http.Value ? "https" : "http";
        string authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return string.Create(
            CultureInfo.InvariantCulture, $" The console is at {scheme}://{authority}:{http.Port.Value}/console{others}.");
    }

    private static IEnumerable<string> Bare(BindSetting setting) => setting.Value.Select(static address => address.TrimStart('-'));

    private static string Named(string[] addresses) => addresses.Any(static address => s_wholeFamilies.Contains(address))
        ? "any of its addresses"
        : string.Join(", ", addresses);

    private static string Permitted(string path)
    {
        int permissions = Files.statx(path, out FileStatus status) < 0 ? 0 : status.Permissions;
        string who = (permissions & OthersMayConnect) != 0 ? "every user of this machine"
            : (permissions & GroupMayConnect) != 0 ? "its owner and its group"
            : "its owner alone";
        return $"{who} (mode {Convert.ToString(permissions, 8)})";
    }

    private static bool IsOfOthers(string address) => !(SocketAddress.TryParse(address, 0, out SocketAddress parsed)
        ? parsed.IsLoopback
        : address.Equals("localhost", StringComparison.OrdinalIgnoreCase));
}
