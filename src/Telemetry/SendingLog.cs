using Bixbite.Logging;

namespace Bixbite.Telemetry;

/// <summary>Says in the log that a collector does not take what is sent, once, and when it does again.</summary>
internal sealed class SendingLog(ServerLog log, string what) : DelegatingHandler(new SocketsHttpHandler())
{
    private bool _isFailing;

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = base.Send(request, cancellationToken);
            Note(request, response);
            return response;
        }
        catch (Exception failure)
        {
            Fail(request, failure);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Note(request, response);
            return response;
        }
        catch (Exception failure)
        {
            Fail(request, failure);
            throw;
        }
    }

    private void Note(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            Fail(request, $"it answers {(int)response.StatusCode}");
        }
        else if (_isFailing)
        {
            _isFailing = false;
            log.Write(LogLevel.Notice, $"Telemetry: the {what} reach {Place(request)} again.");
        }
    }

    private void Fail(HttpRequestMessage request, Exception failure) =>
        Fail(request, failure is OperationCanceledException ? "it does not answer in time" : failure.Message);

    private void Fail(HttpRequestMessage request, string reason)
    {
        if (!_isFailing)
        {
            _isFailing = true;
            log.Write(LogLevel.Warning, $"Telemetry: the {what} do not reach {Place(request)}, and are dropped until they do: {reason}.");
        }
    }

    /// <summary>Without what may be a password in it.</summary>
    private static string Place(HttpRequestMessage request) =>
        request.RequestUri!.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
