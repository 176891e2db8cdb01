namespace Bixbite.Telemetry;

/// <summary>
/// Takes all of a collector's answer, up to a size, before anybody looks at it: one that breaks off, comes too slowly or never ends is then
/// a failure like any other, and has no more memory than that.
/// </summary>
internal sealed class WholeAnswer(HttpMessageHandler inner, int sizeMax) : DelegatingHandler(inner)
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = base.Send(request, cancellationToken);
        // Reading without a task cannot be broken off.
        TakeAsync(response, cancellationToken).GetAwaiter().GetResult();
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await TakeAsync(response, cancellationToken).ConfigureAwait(false);
        return response;
    }

    private async Task TakeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(sizeMax, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            response.Dispose();
            if (failure is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
            {
                throw new HttpRequestException($"its answer is longer than {sizeMax} bytes");
            }
            if (failure is HttpRequestException or IOException)
            {
                throw new HttpRequestException("its answer breaks off", failure);
            }
            throw;
        }
    }
}
