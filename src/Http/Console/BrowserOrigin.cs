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
}
