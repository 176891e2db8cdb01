using System.Text;
using Bixbite.Http.Console;
using Bixbite.Http.Pages;
using Bixbite.Http.Requests;
using Bixbite.Net;

namespace Bixbite.Http;

/// <summary>
/// The pages by their paths, for all loops. Under the execution lock.
/// <code>
///   /healthz /readyz                    anybody
///   /metrics                            protected mode and the name of the host, then users
///   /console/...                        protected mode and the name of the host
///   /console/socket                     the same, and the page that has sent it
/// </code>
/// </summary>
internal sealed class HttpSite(MetricsPage metrics, HealthPages health, ConsolePages console, HostRule hosts)
{
    /// <summary>Whether protected mode keeps a connection out.</summary>
    public required Func<Connection, bool> IsProtectedFrom { get; init; }

    public AnswerResult Answer(in Exchange exchange)
    {
        RequestHead request = exchange.Request;
        if (!request.IsHead && !request.Method.SequenceEqual("GET"u8))
        {
            exchange.Reply.Begin(HttpStatus.MethodNotAllowed, exchange.UnixMs);
            exchange.Reply.Field("Allow"u8, "GET, HEAD"u8);
            exchange.Reply.EndText("Nothing here is changed by HTTP.");
            return AnswerResult.Replied;
        }
        if (request.Path.SequenceEqual("/healthz"u8))
        {
            return HealthPages.AnswerAlive(exchange);
        }
        if (request.Path.SequenceEqual("/readyz"u8))
        {
            return health.AnswerReady(exchange);
        }
        if (IsProtectedFrom(exchange.Connection))
        {
            return exchange.Text(
                HttpStatus.Forbidden,
                "Protected mode lets no other machine in: set a password, or switch protected-mode off if no stranger can get here.");
        }
        if (!hosts.Admits(request.Field("host"u8)))
        {
            return exchange.Text(
                HttpStatus.Forbidden,
                "Where no password is needed this is reached by an address, as localhost, or by a name that 'http-hosts' lists.");
        }
        if (request.Path.SequenceEqual("/metrics"u8))
        {
            return metrics.Answer(exchange);
        }
        if (ConsolePages.Has(request.Path))
        {
            return console.Answer(exchange);
        }
        return exchange.Text(HttpStatus.NotFound, $"There is no {Encoding.ASCII.GetString(request.Path)} here.");
    }
}
