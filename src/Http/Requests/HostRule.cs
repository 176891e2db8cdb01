using System.Net;
using System.Text;
using Bixbite.AccessControl.Authenticating;

namespace Bixbite.Http.Requests;

/// <summary>
/// By which names the server may be reached. Whoever owns a name can have it lead to this machine, and then a browser takes a page of that
/// name for this server's own: where no password is asked for, nothing else would keep it out. Addresses, <c>localhost</c> and this
/// machine's name are nobody else's; others are those that the operator has listed.
/// </summary>
internal sealed class HostRule(Authentication authentication, HttpSettings settings)
{
    private const string AnyName = "*";

    /// <summary>Whether a request to this host is answered.</summary>
    public bool Admits(ReadOnlySpan<byte> host)
    {
        if (authentication.IsRequired)
        {
            return true;
        }
        string name = NameOf(Encoding.ASCII.GetString(host));
        string[] listed = settings.Hosts.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return IPAddress.TryParse(name, out _)
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
            || listed.Contains(name, StringComparer.OrdinalIgnoreCase) || listed.Contains(AnyName);
    }

    /// <summary>Without the port.</summary>
    private static string NameOf(string host)
    {
        int end = host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) + 1 : host.IndexOf(':', StringComparison.Ordinal);
        return end > 0 ? host[..end] : host;
    }
}
