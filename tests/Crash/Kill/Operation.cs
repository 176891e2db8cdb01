namespace Bixbite.Crash.Kill;

/// <summary>Requests of one client that belong together; the last change among them tells that all are done.</summary>
internal sealed record Operation(IReadOnlyList<string> Requests)
{
    public override string ToString() => string.Join("; ", Requests.Select(request => request.Length > 100 ? request[..100] + "..." : request));
}
