using System.Net;
using System.Text;
using Bixbite.Http.Requests;

namespace Bixbite.Http.Console;

/// <summary>
/// Tells this server's own page from those of others. A browser names the page that opens a socket by <c>Origin</c>, and the server that it
/// believes to reach by <c>Host</c>; a program names none, and has no user whom it could deceive.
/// </summary>
internal static class BrowserOrigin
{
    /// <summary>No page of another server has sent the request.</summary>
    public static bool IsOwn(in RequestHead request)
    {
        int count = request.CountOf("origin"u8);
        if (count == 0)
        {
            return true;
        }
        ReadOnlySpan<byte> origin = request.Field("origin"u8);
        int scheme = origin.IndexOf("://"u8);
        bool isWeb = scheme > 0 && (origin[..scheme].SequenceEqual("http"u8) || origin[..scheme].SequenceEqual("https"u8));
        ReadOnlySpan<byte> host = request.Field("host"u8);
        return count == 1 && isWeb && !host.IsEmpty && Ascii.EqualsIgnoreCase(origin[(scheme + 3)..], host);
    }

    /// <summary>
    /// The server was reached by a name that a stranger cannot have lead here: an address, this machine's own, or one that the operator
    /// has listed. By any other name a page of that name's owner would count as this server's own.
    /// </summary>
    public static bool IsTrustedHost(ReadOnlySpan<byte> host, string listedNames)
    {
        string text = Encoding.ASCII.GetString(host);
        int end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        string name = end > 0 ? text[..end] : text;
        return IPAddress.TryParse(name, out _)
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || listedNames.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
