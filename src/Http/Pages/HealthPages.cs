using Bixbite.Engine.Lifecycle;

namespace Bixbite.Http.Pages;

/// <summary>
/// GET /healthz: the process answers. GET /readyz: it should be given requests, or why not. Anybody may ask, as those who balance load do.
/// </summary>
internal sealed class HealthPages(Readiness readiness)
{
    public static AnswerResult AnswerAlive(in Exchange exchange) => exchange.Text(HttpStatus.Ok, "ok");

    public AnswerResult AnswerReady(in Exchange exchange)
    {
        string reasons = string.Join('\n', readiness.Reasons);
        return reasons.Length == 0
            ? exchange.Text(HttpStatus.Ok, "ready")
            : exchange.Text(HttpStatus.ServiceUnavailable, reasons);
    }
}
