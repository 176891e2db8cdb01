using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Bixbite;

/// <summary>Whether the server answers a <c>PING</c>, which it refuses where it may not take writes.</summary>
internal sealed class ServerHealthCheck(HostedServer server) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthStatus failed = context.Registration.FailureStatus;
        if (server.Current is not { } current)
        {
            return new HealthCheckResult(failed, "The server is not started, or has ended with its host.");
        }
        try
        {
            await current.ExecuteAsync("PING", [], cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy("The server answers.");
        }
        catch (Exception failure) when (failure is BixbiteException or ObjectDisposedException)
        {
            return new HealthCheckResult(failed, failure.Message, failure);
        }
    }
}
