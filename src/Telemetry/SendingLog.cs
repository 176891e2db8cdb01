using System.Net.Http.Headers;
using Bixbite.Logging;

namespace Bixbite.Telemetry;

/// <summary>Says in the log that a collector does not take what is sent, once, and when it does again.</summary>
/// <param name="inner">Sends, and takes the whole answer.</param>
/// <param name="log">Where it is said.</param>
/// <param name="destination">What is sent, and how.</param>
internal sealed class SendingLog(HttpMessageHandler inner, ServerLog log, Destination destination) : DelegatingHandler(inner)
{
    /// <summary>So much is shown of what a collector says.</summary>
    private const int MessageMax = 200;

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
        if (ComplaintOf(response) is { } complaint)
        {
            Fail(request, complaint);
        }
        else if (_isFailing)
        {
            _isFailing = false;
            log.Write(LogLevel.Notice, $"Telemetry: the {destination.What} reach {Place(request)} again.");
        }
    }

    private void Fail(HttpRequestMessage request, Exception failure) =>
        Fail(request, failure is OperationCanceledException ? "it does not answer in time" : Describe(failure));

    /// <summary>Its message, and that of what lies below it unless that was said already.</summary>
    private static string Describe(Exception failure)
    {
        string below = failure.GetBaseException().Message.TrimEnd('.');
        return failure.Message.Contains(below, StringComparison.Ordinal)
            ? failure.Message.TrimEnd('.')
            : $"{failure.Message.TrimEnd('.')} ({below})";
    }

    private void Fail(HttpRequestMessage request, string reason)
    {
        if (!_isFailing)
        {
            _isFailing = true;
            log.Write(
                LogLevel.Warning,
                $"Telemetry: the {destination.What} do not reach {Place(request)}, and are dropped until they do: {reason}.");
        }
    }

    /// <summary>
    /// The fault of an answer; null if it has none. With gRPC a failure is a success of HTTP, and stands behind the body.
    /// </summary>
    private string? ComplaintOf(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            return $"it answers {(int)response.StatusCode}";
        }
        if (!destination.IsGrpc)
        {
            return null;
        }
        return GrpcField(response, "grpc-status") switch
        {
            "0" => null,
            null => "its answer has no grpc-status",
            string status when GrpcField(response, "grpc-message") is { Length: > 0 } message =>
                $"it answers grpc-status {status}, {message}",
            string status => $"it answers grpc-status {status}",
        };
    }

    /// <summary>Behind the body, or in front where there is none.</summary>
    private static string? GrpcField(HttpResponseMessage response, string name) =>
        First(response.TrailingHeaders, name) ?? First(response.Headers, name);

    private static string? First(HttpResponseHeaders fields, string name) =>
        fields.TryGetValues(name, out IEnumerable<string>? values) && values.FirstOrDefault() is { } value
            ? value[..Math.Min(value.Length, MessageMax)]
            : null;

    /// <summary>Without what may be a password in it.</summary>
    private static string Place(HttpRequestMessage request) =>
        request.RequestUri!.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
