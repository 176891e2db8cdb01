using Bixbite.Net;

namespace Bixbite.Hosting.Telemetry;

/// <summary>All that the trace of a request tells: nothing of its arguments or its reply but their sizes.</summary>
internal sealed class SlowRequest
{
    public required string Command { get; init; }

    /// <summary>When the loop knew of it.</summary>
    public required DateTime BeganAt { get; init; }

    /// <summary>Its times.</summary>
    public required ServedRound Round { get; init; }

    public required int DatabaseNumber { get; init; }

    public required long ClientId { get; init; }

    public required string ClientName { get; init; }

    public required string UserName { get; init; }
}
