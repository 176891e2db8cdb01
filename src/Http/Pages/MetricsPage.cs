using Bixbite.AccessControl.Authenticating;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Metrics;
using Bixbite.Http.Replies;
using Bixbite.Http.Requests;

namespace Bixbite.Http.Pages;

/// <summary>
/// GET /metrics: all numbers for Prometheus, to whoever may run INFO. Read and written under the execution lock, in a fraction of a
/// millisecond.
/// </summary>
internal sealed class MetricsPage(RequestLogin login, CommandTable commands, MetricSources sources)
{
    private const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private const string TextType = "text/plain; version=0.0.4; charset=utf-8";

    private MetricsText? _text;
    private Command? _info;

    /// <summary>INFO, whatever it is called by now.</summary>
    private Command Info => _info ??= commands.All.ToArray().First(static command => command.Declaration.Name == "info");

    public AnswerResult Answer(in Exchange exchange)
    {
        var request = new UnnamedRequest(
            exchange.Connection.PeerAddress,
            exchange.Connection.PeerCertificate,
            BasicCredentials.Read(exchange.Request.Field("authorization"u8)),
            "http /metrics"u8.ToArray());
        RequestLoginResult result = login.Admit(request, Info);
        return result == RequestLoginResult.Admitted ? Write(exchange) : Refuse(exchange, result);
    }

    private AnswerResult Write(in Exchange exchange)
    {
        bool isOpenMetrics = exchange.Request.Field("accept"u8).IndexOf("application/openmetrics-text"u8) >= 0;
        _text ??= new MetricsText();
        _text.Restart(isOpenMetrics);
        sources.WriteTo(_text);
        HttpReply reply = exchange.Reply;
        reply.Begin(HttpStatus.Ok, exchange.UnixMs);
        reply.Field("Content-Type"u8, isOpenMetrics ? OpenMetricsType : TextType);
        reply.Field("Cache-Control"u8, "no-store"u8);
        reply.Field("Vary"u8, "Accept"u8);
        reply.End(_text.Bytes);
        return AnswerResult.Replied;
    }

    private static AnswerResult Refuse(in Exchange exchange, RequestLoginResult result)
    {
        switch (result)
        {
            case RequestLoginResult.Forbidden:
                return exchange.Text(HttpStatus.Forbidden, "This user may not run INFO, which tells the same: ACL SETUSER name +info.");
            case RequestLoginResult.TooManyFailures:
                exchange.Reply.Begin(HttpStatus.TooManyRequests, exchange.UnixMs);
                exchange.Reply.Field("Retry-After"u8, "1"u8);
                exchange.Reply.EndText("Too many attempts of this address have failed: try again later.");
                return AnswerResult.Replied;
            default:
                exchange.Reply.Begin(HttpStatus.Unauthorized, exchange.UnixMs);
                exchange.Reply.Field("WWW-Authenticate"u8, "Basic realm=\"bixbite\", charset=\"UTF-8\""u8);
                exchange.Reply.EndText(result == RequestLoginResult.Wrong
                    ? "There is no such user, or the password is wrong."
                    : "Give the name and the password of a user.");
                return AnswerResult.Replied;
        }
    }
}
